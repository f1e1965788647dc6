import dagre from '@dagrejs/dagre';
import { curveBasis, line } from 'd3-shape';
import { certificateStates, certificateSteps, hostingStates, hostingSteps, type Step } from './steps.ts';
import { element, picture, text } from './svg.ts';

const NODE = { width: 190, height: 46 };
const MARGIN = 24;
const TITLE = 40;

const colours: Readonly<Record<string, string>> = {
  present: '#d7f0dd',
  valid: '#d7f0dd',
  failed: '#f9d9d6',
  paused: '#fdeccb',
  'waiting-dns': '#fdeccb',
  parked: '#fdeccb',
};

/** Text of this size, about. */
function widthOf(label: string): number {
  return label.length * 6 + 8;
}

/** The states of one kind, laid out in layers from top to bottom. */
function flow(title: string, states: Readonly<Record<string, string>>, steps: readonly Step<string>[]) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 40, ranksep: 46, edgesep: 24 });
  for (const state of Object.keys(states)) graph.setNode(state, { ...NODE });
  for (const { from, to, when } of steps) {
    graph.setEdge(from, to, { width: widthOf(when), height: 16, labelpos: 'c' }, when);
  }
  dagre.layout(graph);
  const curve = line<{ readonly x: number; readonly y: number }>(
    ({ x }) => x,
    ({ y }) => y,
  ).curve(curveBasis);

  const arrows = steps.flatMap(({ from, to, when }) => {
    const { points, x, y } = graph.edge(from, to, when);
    const path = curve(points) ?? '';
    return [
      element('path', {
        d: path.replace(/\d+\.\d+/g, (number) => Number(number).toFixed(1)),
        fill: 'none',
        stroke: '#5b6770',
        'marker-end': 'url(#arrow)',
      }),
      element('rect', {
        x: x - widthOf(when) / 2,
        y: y - 9,
        width: widthOf(when),
        height: 18,
        fill: '#ffffff',
        opacity: 0.85,
      }),
      text(when, { x, y: y + 4, 'text-anchor': 'middle', fill: '#39434a', 'font-size': 11 }),
    ];
  });
  const nodes = Object.entries(states).flatMap(([state, means]) => {
    const { x, y } = graph.node(state);
    return [
      element('rect', {
        x: x - NODE.width / 2,
        y: y - NODE.height / 2,
        ...NODE,
        rx: 8,
        fill: colours[state] ?? '#e6edf3',
        stroke: '#5b6770',
      }),
      text(state, { x, y: y - 3, 'text-anchor': 'middle', 'font-weight': 'bold' }),
      text(means, { x, y: y + 14, 'text-anchor': 'middle', 'font-size': 11, fill: '#39434a' }),
    ];
  });
  const { width = 0, height = 0 } = graph.graph();
  return { title, width, height, shapes: [...arrows, ...nodes] };
}

/** The states of a domain and of its certificate, beside each other. */
export function domainFlow(): string {
  const flows = [
    flow('Hosting: hosting.state', hostingStates, hostingSteps),
    flow('Certificate: certificate.state', certificateStates, certificateSteps),
  ];
  const arrow = element(
    'marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
    element('path', { d: 'M0,0 L8,4 L0,8 z', fill: '#5b6770' }),
  );
  let left = MARGIN;
  const placed = flows.map(({ title, width, shapes }) => {
    const group = element(
      'g',
      { transform: `translate(${Math.round(left)} ${TITLE})` },
      text(title, { x: 0, y: -14, 'font-size': 15, 'font-weight': 'bold' }),
      ...shapes,
    );
    left += width + 2 * MARGIN;
    return group;
  });
  const height = TITLE + Math.max(...flows.map((one) => one.height)) + MARGIN;
  const title = 'The states of a domain and of its certificate, and the usual steps between them';
  return picture({ width: left, height, title }, element('defs', {}, arrow), ...placed);
}
