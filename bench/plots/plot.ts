import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

/** One line a series, named in its colour. */
export function plot(points: readonly Point[], { x, y }: { readonly x: string; readonly y: string }): string {
  const { document } = parseHTML('<html><body></body></html>');
  const names = [...new Set(points.map(({ series }) => series))];
  const most = Math.max(...points.map((point) => point.y));
  const svg = Plot.plot({
    document,
    width: 640,
    height: 320,
    marginLeft: 50,
    marginRight: 30,
    marginBottom: 42,
    style: { background: 'white', color: 'black', fontFamily: 'sans-serif', fontSize: '13px' },
    x: { label: x },
    y: { label: y, grid: true, domain: [0, most * 1.5] },
    color: { scheme: 'Dark2' },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(points, { x: 'x', y: 'y', stroke: 'series' }),
      Plot.dot(points, { x: 'x', y: 'y', fill: 'series', r: 3 }),
      ...names.map((name, n) =>
        Plot.text([name], { text: [name], fill: [name], frameAnchor: 'top-left', dx: 14, dy: 4 + 18 * n }),
      ),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
