import { z } from 'zod';
import { attribute, isSame, ofType, type Properties, ref, type Template } from '../template/template.ts';

const dimensionsSchema = z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]);

const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
});

const periodSchema = z.object({ Period: z.number() });
const ownSchema = periodSchema.extend({ Statistic: z.string(), ...metricSchema.shape });
const statSchema = periodSchema.extend({ Stat: z.string(), Metric: metricSchema });
const partSchema = z.object({ Expression: z.string().optional(), MetricStat: statSchema.optional() });

const alarmSchema = z.object({
  AlarmDescription: z.string().min(20),
  AlarmActions: z.array(z.unknown()),
  OKActions: z.array(z.unknown()).default([]),
  Threshold: z.coerce.number(),
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.number(),
  TreatMissingData: z.string(),
  Metrics: z.array(partSchema).default([]),
});
type Alarm = z.infer<typeof alarmSchema>;

/** What a metric is about: its name and its dimensions. */
interface Watched {
  readonly name: string;
  readonly of: Readonly<Record<string, unknown>>;
}

/** When an alarm rings: how the metrics are put together, how often in a row what is reached. */
interface Rings {
  readonly stat: string;
  readonly when: string;
  /** What an hour or a minute without a count means. */
  readonly missing: 'notBreaching' | 'breaching' | 'ignore';
  /** Whether it notifies about its end as well: only a state has one. */
  readonly tellsEnd: boolean;
  readonly watches: readonly Watched[];
}

const apis = [
  '/{network}/domain-added',
  '/{network}/hooks/{token}/domain-created',
  '/{network}/domain-removed',
  '/{network}/ssl-retry',
];

const functionIds = [
  'DomainDashadded',
  'DomainDashremoved',
  'SslDashretry',
  'DomainDashstatus',
  'Connection',
  'SyncDashdomain',
  'SecureDashdomains',
  'PostDashoutcome',
  'Sweep',
].map((id) => `${id}LambdaFunction`);

function outcome(id: string, word: string): Watched {
  return {
    name: 'runcloud-relay outcomes',
    of: { function: ref(`${id}LambdaFunction`), outcome: word },
  };
}
/** Of several functions together: one metric, which is what CloudWatch charges for. */
function outcomeOf(group: 'api' | 'workers', word: string): Watched {
  return { name: 'runcloud-relay outcomes', of: { group: `runcloud-relay-prod-${group}`, outcome: word } };
}
function ofQueue(name: string, id: string): Watched {
  return {
    name: `AWS/SQS ${name}`,
    of: { QueueName: attribute(id, 'QueueName') },
  };
}

/** Counted at least once: the fault may last long after the count. */
const once = { when: '>= 1 in 1 x 60 s', missing: 'notBreaching', tellsEnd: false } as const;
/** Each time that there are more of them: a state would be told once. */
const gained = { ...once, stat: 'DIFF of Maximum' } as const;
const anHourOld = { ...once, stat: 'Maximum', tellsEnd: true, when: '>= 3600 in 1 x 300 s' } as const;
const summed = { ...once, stat: 'SUM of Sum' } as const;
const alone = { ...once, stat: 'Sum' } as const;

/** Every alarm: what it has to watch, and when it fires. */
export const alarms: Readonly<Record<string, Rings>> = {
  DeadLettersAlarm: {
    ...gained,
    watches: [ofQueue('ApproximateNumberOfMessagesVisible', 'DomainDeadLetters')],
  },
  CertificateDeadLettersAlarm: {
    ...gained,
    watches: [ofQueue('ApproximateNumberOfMessagesVisible', 'CertificateDeadLetters')],
  },
  OutcomeDeadLettersAlarm: {
    ...gained,
    watches: [ofQueue('ApproximateNumberOfMessagesVisible', 'OutcomeDeadLetters')],
  },
  OldestMessageAlarm: { ...anHourOld, watches: [ofQueue('ApproximateAgeOfOldestMessage', 'DomainQueue')] },
  OldestCertificateMessageAlarm: {
    ...anHourOld,
    watches: [ofQueue('ApproximateAgeOfOldestMessage', 'CertificateQueue')],
  },
  FunctionErrorsAlarm: {
    ...summed,
    watches: functionIds.map((id) => ({ name: 'AWS/Lambda Errors', of: { FunctionName: ref(id) } })),
  },
  MessageFailuresAlarm: { ...alone, watches: [outcomeOf('workers', 'crashed')] },
  UnavailableAlarm: {
    ...alone,
    when: '>= 1 in 2 x 480 s',
    tellsEnd: true,
    watches: [outcomeOf('workers', 'unavailable')],
  },
  ApiFaultsAlarm: {
    ...summed,
    watches: apis.map((path) => ({
      name: 'AWS/ApiGateway 5xx',
      of: { ApiId: ref('HttpApi'), Stage: '$default', Method: 'POST', Resource: path },
    })),
  },
  UnauthorizedAlarm: {
    ...alone,
    when: '>= 20 in 1 x 300 s',
    watches: [outcomeOf('api', 'unauthorized')],
  },
  ApiRefusalsAlarm: {
    ...summed,
    when: '>= 100 in 1 x 300 s',
    watches: apis.map((path) => ({
      name: 'AWS/ApiGateway 4xx',
      of: { ApiId: ref('HttpApi'), Stage: '$default', Method: 'POST', Resource: path },
    })),
  },
  RemovalsAlarm: {
    ...alone,
    when: '> 20 in 1 x 3600 s',
    watches: [outcome('DomainDashremoved', 'accepted')],
  },
  NetworkPausedAlarm: { ...alone, watches: [outcomeOf('workers', 'network-paused')] },
  DeadLettersUnsentAlarm: { ...alone, watches: [outcomeOf('workers', 'dead-letter-unsent')] },
  UnreadableItemAlarm: { ...alone, watches: [outcomeOf('workers', 'unreadable-item')] },
  RemovalsLimitedAlarm: { ...alone, watches: [outcome('SyncDashdomain', 'removals-limited')] },
  AdditionsLimitedAlarm: { ...alone, watches: [outcome('SyncDashdomain', 'additions-limited')] },
  OrderBudgetAlarm: { ...alone, watches: [outcome('SecureDashdomains', 'order-budget')] },
  QuotaAlarm: {
    // Each group reports what both together have used: a sum would count it twice.
    stat: 'MAX of Maximum',
    when: '>= 320000 in 1 x 3600 s',
    missing: 'ignore',
    tellsEnd: true,
    watches: ['workers', 'api'].map((group) => ({
      name: 'runcloud-relay callsThisMonth',
      of: { group: `runcloud-relay-prod-${group}` },
    })),
  },
  SweepSilentAlarm: {
    stat: 'Sum',
    when: '< 1 in 1 x 600 s',
    missing: 'breaching',
    tellsEnd: true,
    watches: [{ name: 'AWS/Lambda Invocations', of: { FunctionName: ref('SweepLambdaFunction') } }],
  },
};

function toWatched({ Namespace, MetricName, Dimensions }: z.infer<typeof metricSchema>): Watched {
  return {
    name: `${Namespace} ${MetricName}`,
    of: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  };
}

const operators: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
};

/** What a template's alarm does, in the terms above. */
function ringsOf(properties: Properties, alarm: Alarm): Rings {
  const own = ownSchema.safeParse(properties);
  const parts = alarm.Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat]));
  const put = alarm.Metrics.flatMap(
    ({ Expression = '' }) => /^(\w+)\((?:METRICS\(\)|\w+1)\)$/.exec(Expression)?.[1] ?? [],
  );
  const stats = new Set(own.success ? [own.data.Statistic] : parts.map(({ Stat }) => Stat));
  const periods = new Set(own.success ? [own.data.Period] : parts.map(({ Period }) => Period));
  const { ComparisonOperator, Threshold, EvaluationPeriods, TreatMissingData } = alarm;
  const often = `${EvaluationPeriods} x ${[...periods].join(' and ')} s`;
  return {
    stat: [...put, [...stats].join(' and ')].join(' of '),
    when: `${operators[ComparisonOperator] ?? ComparisonOperator} ${Threshold} in ${often}`,
    missing: z.enum(['notBreaching', 'breaching', 'ignore']).parse(TreatMissingData),
    tellsEnd: alarm.OKActions.some((action) => isSame(action, ref('AlarmTopic'))),
    watches: own.success ? [toWatched(own.data)] : parts.map(({ Metric }) => toWatched(Metric)),
  };
}

function differences(id: string, expected: Rings, found: Rings): string[] {
  const { watches, ...terms } = expected;
  const { watches: watched, ...others } = found;
  const blind = watches.filter((one) => !watched.some((other) => isSame(one, other)));
  const besides = watched.filter((one) => !watches.some((other) => isSame(one, other)));
  return [
    ...(isSame(sorted(terms), sorted(others)) ? [] : [`${id} rings otherwise: ${JSON.stringify(others)}`]),
    ...blind.map(({ name, of }) => `${id} does not watch ${name} of ${JSON.stringify(of)}`),
    ...besides.map(({ name, of }) => `${id} also watches ${name} of ${JSON.stringify(of)}`),
  ];
}

function sorted(terms: object) {
  return Object.entries(terms).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function alarmFaults(template: Template): string[] {
  const there = new Map(ofType(template, 'AWS::CloudWatch::Alarm'));
  const unknown = [...there.keys()].filter((id) => alarms[id] === undefined);
  const faults = Object.entries(alarms).flatMap(([id, expected]) => {
    const properties = there.get(id);
    const alarm = alarmSchema.safeParse(properties);
    if (properties === undefined || !alarm.success)
      return [`${id} is missing, or lacks its description or its actions`];
    const silent = alarm.data.AlarmActions.some((action) => isSame(action, ref('AlarmTopic')))
      ? []
      : [`${id} does not notify the topic`];
    return [...silent, ...differences(id, expected, ringsOf(properties, alarm.data))];
  });
  return [...faults, ...unknown.map((id) => `${id} is an alarm that is not described here`)];
}
