interface Metric {
  readonly name: 'outcomes' | 'duration' | 'runcloudCalls' | 'callsThisMonth';
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
}

type Dimension = 'function' | 'group' | 'outcome';

/** A metric as the fields of a JSON line. CloudWatch reads it out of the log, without an API call. */
export type EmbeddedMetric = Readonly<Record<string, unknown>> & { readonly outcome?: string };

/** The fields that make a line of the log a metric too. They say nothing that the line does not say elsewhere. */
export const metricFields: ReadonlySet<string> = new Set([
  '_aws',
  'function',
  'group',
  'outcomes' satisfies Metric['name'],
  'duration' satisfies Metric['name'],
]);

/** Metrics that have the same dimensions. */
export interface MeasuredBy {
  readonly metrics: readonly Metric[];
  readonly dimensionSets: readonly (readonly Dimension[])[];
}

interface Measured {
  readonly at: number;
  readonly measured: readonly MeasuredBy[];
  /** A value for each dimension. Those that no set names are left out. */
  readonly values: { readonly [D in Dimension]?: string };
  /** A field to search by and not a dimension, because each network would then cost money. */
  readonly network?: string | undefined;
}

/** CloudWatch's embedded metric format. */
export function embeddedMetric({ at, measured, values, network }: Measured): EmbeddedMetric {
  const fields: Record<string, unknown> = {};
  for (const { dimensionSets } of measured) {
    for (const set of dimensionSets) for (const name of set) fields[name] = values[name];
  }
  if (network !== undefined) fields.network = network;
  for (const { metrics } of measured) for (const { name, value } of metrics) fields[name] = value;
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: measured.map(({ metrics, dimensionSets }) => ({
        Namespace: 'runcloud-relay',
        Dimensions: dimensionSets,
        Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
      })),
    },
    ...fields,
  };
}
