import { curveMonotoneX, line } from 'd3-shape';
import { z } from 'zod';
import { template as alarms } from '../infra/alarms.js';
import { template } from '../infra/dashboard.js';
import { element, picture, text } from './svg.ts';

/** Of one of the dashboard's 24 columns, and of its rows. */
const UNIT = 44;
const lineColours = ['#1f77b4', '#ff7f0e', '#2ca02c', '#9467bd', '#d62728', '#8c564b'];
const severityColours: Readonly<Record<string, string>> = {
  critical: '#f4b6b0',
  high: '#fbdfae',
  low: '#dfe6ec',
};

const labelSchema = z.object({ label: z.string() });
const widgetSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({
    title: z.string(),
    metrics: z.array(z.array(z.unknown())).default([]),
  }),
});
type Widget = z.infer<typeof widgetSchema>;

/** A parameter is a number, and stands there without quotes. */
function widgetsOf(body: string): Widget[] {
  const json = body.replace(/\$\{param:\w+\}/g, '0');
  return z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(json)).widgets;
}

/** What the legend says of each line; an outcome is only known once it was counted. */
function labelsOf({ properties }: Widget): string[] {
  return properties.metrics.map((metric) =>
    labelSchema.parse(metric.at(-1)).label.replace(/\$\{!PROP\([^)]*\)\}/, '…'),
  );
}

/** A line of no meaning, always the same for the same place. */
function sample(index: number, box: { x: number; y: number; width: number; height: number }): string {
  const points = Array.from({ length: 13 }, (_, step): [number, number] => {
    const wave = Math.sin(step * (0.7 + 0.13 * index) + index * 1.9) + Math.sin(step * 1.7 + index);
    return [box.x + (step / 12) * box.width, box.y + box.height * (0.55 - 0.17 * wave)];
  });
  return (line().curve(curveMonotoneX)(points) ?? '').replace(/\d+\.\d+/g, (number) =>
    Number(number).toFixed(1),
  );
}

function frame({ x, y, width, height, properties }: Widget): string[] {
  const box = { x: x * UNIT + 4, y: y * UNIT + 4, width: width * UNIT - 8, height: height * UNIT - 8 };
  return [
    element('rect', { ...box, rx: 4, fill: '#ffffff', stroke: '#c3ccd3' }),
    text(properties.title, { x: box.x + 10, y: box.y + 20, 'font-weight': 'bold', 'font-size': 11 }),
  ];
}

function graph(widget: Widget): string[] {
  const left = widget.x * UNIT + 16;
  const top = widget.y * UNIT + 34;
  const labels = labelsOf(widget);
  const rows = Math.ceil(labels.length / 2);
  const box = {
    x: left,
    y: top,
    width: widget.width * UNIT - 32,
    height: widget.height * UNIT - 56 - rows * 14,
  };
  const legend = labels.flatMap((label, index) => {
    const x = left + (index % 2) * (box.width / 2);
    const y = top + box.height + 20 + Math.floor(index / 2) * 14;
    const colour = lineColours[index % lineColours.length] ?? '#000000';
    return [
      element('path', {
        d: sample(index + widget.x + widget.y, box),
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.4,
      }),
      element('rect', { x, y: y - 7, width: 8, height: 8, fill: colour }),
      text(label, { x: x + 12, y, 'font-size': 10 }),
    ];
  });
  const axis = `M${box.x},${box.y} v${box.height} h${box.width}`;
  return [element('path', { d: axis, fill: 'none', stroke: '#8f9ba4' }), ...legend];
}

function alarmBoxes(widget: Widget): string[] {
  const columns = 7;
  const width = (widget.width * UNIT - 24) / columns;
  return Object.values(alarms.Resources).flatMap(({ Properties }, index) => {
    const [severity = ''] = Properties.AlarmDescription.split(':');
    const x = 12 + (index % columns) * width;
    const y = widget.y * UNIT + 32 + Math.floor(index / columns) * 30;
    return [
      element('rect', {
        x,
        y,
        width: width - 6,
        height: 24,
        rx: 3,
        fill: severityColours[severity] ?? '#ffffff',
      }),
      text(Properties.AlarmName.split('}-').at(-1) ?? '', { x: x + 6, y: y + 16, 'font-size': 10.5 }),
    ];
  });
}

/** The dashboard as infra/dashboard.js places its graphs. */
export function dashboard(): string {
  const widgets = widgetsOf(template.Resources.Dashboard.Properties.DashboardBody['Fn::Sub']);
  const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * UNIT;
  const shapes = widgets.flatMap((widget) => [
    ...frame(widget),
    ...(widget.properties.metrics.length === 0 ? alarmBoxes(widget) : graph(widget)),
  ]);
  return picture({ width: 24 * UNIT, height, title: 'The dashboard of a stage' }, ...shapes);
}
