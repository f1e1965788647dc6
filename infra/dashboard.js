import { alarmNames } from './alarms.js';
import { functions, groups, logicalId, prefix, runcloudWorkers } from './functions.js';

// The operator's first page; the worst news on top.

const queues = { domains: 'DomainQueue', certificates: 'CertificateQueue', outcomes: 'OutcomeQueue' };
const deadLetterQueues = {
  domains: 'DomainDeadLetters',
  certificates: 'CertificateDeadLetters',
  outcomes: 'OutcomeDeadLetters',
};

function ofFunction(MetricName, functionName, options) {
  return ['AWS/Lambda', MetricName, 'FunctionName', `${prefix}-${functionName}`, options];
}

function ofQueues(MetricName, ids) {
  return Object.entries(ids).map(([label, id]) => [
    'AWS/SQS',
    MetricName,
    'QueueName',
    `\${${id}.QueueName}`,
    { label },
  ]);
}

/** One line for each outcome that a function has counted. */
function byOutcome(MetricName, functionName, labelBegins = '') {
  const search = `{"runcloud-relay",function,outcome} MetricName="${MetricName}" function="${prefix}-${functionName}"`;
  const label = `${labelBegins}\${!PROP('Dim.outcome')}`;
  return [{ expression: `SEARCH('${search}', 'Sum', 300)`, label }];
}

/** Two lines: half of the durations are below the first, 95 % below the second. */
function durations(functionName, outcome, label) {
  const metric = ['runcloud-relay', 'duration', 'function', `${prefix}-${functionName}`, 'outcome', outcome];
  return [
    [...metric, { stat: 'p50', label: `${label}, p50` }],
    ['...', { stat: 'p95', label: `${label}, p95` }],
  ];
}

function ofApi(MetricName, label) {
  return ['AWS/ApiGateway', MetricName, 'ApiId', '${HttpApi}', { label }];
}

/** From left to right, three in a row. */
const graphs = [
  {
    title: 'Events by answer',
    metrics: ['domain-added', 'domain-removed', 'ssl-retry'].map((name) =>
      byOutcome('outcomes', name, `${name} `),
    ),
  },
  {
    title: 'Time from accepted to present, and from request to certificate',
    metrics: [
      ...durations('sync-domain', 'present', 'present'),
      ...durations('secure-domains', 'certificate-valid', 'certificate'),
    ],
  },
  {
    title: "RunCloud's answers",
    metrics: runcloudWorkers.map((name) => byOutcome('runcloudCalls', name, `${name} `)),
  },
  { title: 'Passes over domains', metrics: [byOutcome('outcomes', 'sync-domain')] },
  { title: 'Passes over certificates, and orders', metrics: [byOutcome('outcomes', 'secure-domains')] },
  { title: 'Outcomes posted to the multisites', metrics: [byOutcome('outcomes', 'post-outcome')] },
  {
    title: "RunCloud's calls this month, of the busiest credential",
    period: 3600,
    metrics: Object.entries(groups).map(([name, group]) => {
      const options = { label: `reported by ${name}`, stat: 'Maximum' };
      return ['runcloud-relay', 'callsThisMonth', 'group', group, options];
    }),
    annotations: { horizontal: [{ label: '80 % of the quota', value: '${param:runcloudCallsAlarm}' }] },
  },
  {
    title: 'Dead letters',
    stat: 'Maximum',
    metrics: ofQueues('ApproximateNumberOfMessagesVisible', deadLetterQueues),
  },
  {
    title: 'Oldest message, in seconds',
    stat: 'Maximum',
    metrics: ofQueues('ApproximateAgeOfOldestMessage', queues),
  },
  {
    title: 'Messages waiting',
    stat: 'Maximum',
    metrics: ofQueues('ApproximateNumberOfMessagesVisible', queues),
  },
  {
    title: 'Function errors and throttles',
    metrics: functions.flatMap((name) => [
      ofFunction('Errors', name, { label: `${name} errors` }),
      ofFunction('Throttles', name, { label: `${name} throttles` }),
    ]),
  },
  {
    title: 'Duration of functions, p99',
    stat: 'p99',
    metrics: functions.map((name) => ofFunction('Duration', name, { label: name })),
  },
  {
    title: 'The API',
    metrics: [ofApi('Count', 'calls'), ofApi('4xx', 'refused'), ofApi('5xx', 'not confirmed')],
  },
];

function graphWidget({ title, stat = 'Sum', period = 300, ...others }, index) {
  const position = { x: (index % 3) * 8, y: 3 + Math.floor(index / 3) * 6, width: 8, height: 6 };
  const properties = { title, region: '${AWS::Region}', view: 'timeSeries', stat, period, ...others };
  return { type: 'metric', ...position, properties };
}

const alarmArn = 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm';
const alarmWidget = {
  type: 'alarm',
  x: 0,
  y: 0,
  width: 24,
  height: 3,
  properties: { title: 'Alarms', alarms: alarmNames.map((name) => `${alarmArn}:${name}`) },
};

/** JSON with a space after each separator. A parameter is a number, so it has no quotes. */
function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, one]) => `"${key}": ${spaced(one)}`)
      .join(', ')}}`;
  }
  return String(value).startsWith('${param:') ? value : JSON.stringify(value);
}

const widgets = [alarmWidget, ...graphs.map(graphWidget)].map((widget) => `    ${spaced(widget)}`);

/** Saved in Logs Insights under runcloud-relay/: enter the name, run it. */
function query(name, lines) {
  return {
    Type: 'AWS::Logs::QueryDefinition',
    Properties: {
      Name: `\${self:service}/\${sls:stage}/${name}`,
      LogGroupNames: functions.map((one) => ({ Ref: logicalId(one, 'LogGroup') })),
      QueryString: `${lines.join('\n')}\n`,
    },
  };
}

export const template = {
  Resources: {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Condition: 'HasDashboard',
      Properties: {
        DashboardName: prefix,
        DashboardBody: { 'Fn::Sub': `{"widgets": [\n${widgets.join(',\n')}\n]}\n` },
      },
    },
    DomainLifeQuery: query('the life of one domain', [
      'fields @timestamp, @log, message, outcome, code, reason, status, httpStatus',
      '| filter network = "default" and domain = "shop.example.com" and ispresent(message)',
      '| sort @timestamp asc',
      '| limit 1000',
    ]),
    EventLifeQuery: query('the life of one event', [
      'fields @timestamp, @log, message, network, domain, outcome, code, reason, status, httpStatus',
      '| filter webhookId = "msg_0123456789"',
      '| sort @timestamp asc',
      '| limit 1000',
    ]),
  },
};
