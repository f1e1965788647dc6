import { z } from 'zod';
import { attribute, isSame, ofType, type Properties, ref, type Template } from '../template.ts';

const dimensionsSchema = z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]);

const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
});

const alarmSchema = z.object({
  AlarmDescription: z.string().min(20),
  AlarmActions: z.array(z.unknown()),
  Threshold: z.unknown(),
  ComparisonOperator: z.string(),
  Metrics: z.array(z.object({ MetricStat: z.object({ Metric: metricSchema }).optional() })).default([]),
});

/** What a metric is about: its name and the values of its dimensions. */
interface Watched {
  readonly name: string;
  readonly of: readonly unknown[];
}

const doors = [
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
  'Sweep',
].map((id) => `${id}LambdaFunction`);

const outcome = (id: string, word: string): Watched => ({
  name: 'runcloud-relay outcomes',
  of: [ref(id), word],
});
const ofQueue = (name: string, id: string): Watched => ({
  name: `AWS/SQS ${name}`,
  of: [attribute(id, 'QueueName')],
});

/** All that wakes somebody, and what each alarm has to watch. */
export const alarms: Readonly<Record<string, readonly Watched[]>> = {
  DeadLettersAlarm: [ofQueue('ApproximateNumberOfMessagesVisible', 'DomainDeadLetters')],
  CertificateDeadLettersAlarm: [ofQueue('ApproximateNumberOfMessagesVisible', 'CertificateDeadLetters')],
  OldestHintAlarm: [ofQueue('ApproximateAgeOfOldestMessage', 'DomainQueue')],
  OldestCertificateHintAlarm: [ofQueue('ApproximateAgeOfOldestMessage', 'CertificateQueue')],
  FunctionErrorsAlarm: functionIds.map((id) => ({ name: 'AWS/Lambda Errors', of: [ref(id)] })),
  DoorFaultsAlarm: doors.map((path) => ({
    name: 'AWS/ApiGateway 5xx',
    of: [ref('HttpApi'), '$default', 'POST', path],
  })),
  NetworkPausedAlarm: [
    outcome('SyncDashdomainLambdaFunction', 'network-paused'),
    outcome('SecureDashdomainsLambdaFunction', 'network-paused'),
  ],
  RemovalsBrakedAlarm: [outcome('SyncDashdomainLambdaFunction', 'removals-limited')],
  OrderBudgetAlarm: [outcome('SecureDashdomainsLambdaFunction', 'order-budget')],
  QuotaAlarm: ['SyncDashdomain', 'SecureDashdomains', 'DomainDashstatus', 'Connection'].map((id) => ({
    name: 'runcloud-relay callsThisMonth',
    of: [ref(`${id}LambdaFunction`)],
  })),
  SweepSilentAlarm: [{ name: 'AWS/Lambda Invocations', of: [ref('SweepLambdaFunction')] }],
};

const watchedBy = (properties: Properties, { Metrics }: z.infer<typeof alarmSchema>): Watched[] => {
  const inside = Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
  const own = metricSchema.safeParse(properties);
  return [...(own.success ? [own.data] : []), ...inside].map(({ Namespace, MetricName, Dimensions }) => ({
    name: `${Namespace} ${MetricName}`,
    of: Dimensions.map(({ Value }) => Value),
  }));
};

export const alarmFaults = (template: Template): string[] => {
  const there = new Map(ofType(template, 'AWS::CloudWatch::Alarm'));
  const unknown = [...there.keys()].filter((id) => alarms[id] === undefined);
  const faults = Object.entries(alarms).flatMap(([id, watched]) => {
    const properties = there.get(id);
    const alarm = alarmSchema.safeParse(properties);
    if (properties === undefined || !alarm.success) return [`${id} is missing, or says nothing to anybody`];
    const silent = alarm.data.AlarmActions.some((action) => isSame(action, ref('AlarmTopic')))
      ? []
      : [`${id} tells nobody`];
    const watches = watchedBy(properties, alarm.data);
    const blind = watched.filter((one) => !watches.some((other) => isSame(one, other)));
    return [
      ...silent,
      ...blind.map(({ name, of }) => `${id} does not watch ${name} of ${JSON.stringify(of)}`),
    ];
  });
  return [...faults, ...unknown.map((id) => `${id} is an alarm that nobody described here`)];
};
