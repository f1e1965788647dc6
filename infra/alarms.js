import { functions, groups, logicalId, prefix } from './functions.js';

// Each alarm says in a sentence what happened, and docs/reference/alarms.md says what to do. No alarm is about a
// customer's DNS that points elsewhere: the relay waits for that. Only an alarm that watches a state also
// reports its end (`reportsItsEnd`): a count is back at zero a minute later, whatever caused it. CloudWatch charges
// for each metric of an alarm, so an alarm watches one wherever one can say the same.

const topic = { Ref: 'AlarmTopic' };
const aSum = {
  // An unused queue and a metric without counts have no data.
  TreatMissingData: 'notBreaching',
  AlarmActions: [topic],
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
};
const { Threshold, ComparisonOperator, ...aSumBegins } = aSum;
const aMetric = { ...aSumBegins, Period: 60, Threshold, ComparisonOperator };

const reportsItsEnd = { OKActions: [topic] };

/** Its severity stands in the mail, which shows the description (docs/reference/alarms.md says what each asks of a person). */
function named(severity, name, description) {
  return { AlarmName: `${prefix}-${name}`, AlarmDescription: `${severity}: ${description}` };
}

function dimensions(values) {
  return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

function functionRef(name) {
  return { Ref: logicalId(name, 'LambdaFunction') };
}

function ofQueue(id) {
  return { Dimensions: dimensions({ QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } }), Statistic: 'Maximum' };
}

function metric(Namespace, MetricName, values, { Stat = 'Sum', Period = 60 } = {}) {
  return { Stat, Period, Metric: { Namespace, MetricName, Dimensions: dimensions(values) } };
}

/** One number out of several metrics. */
function together(Id, Expression, Label, prefixOfIds, metrics) {
  const parts = metrics.map((MetricStat, index) => ({
    Id: `${prefixOfIds}${index + 1}`,
    ReturnData: false,
    MetricStat,
  }));
  return [{ Id, Expression, Label, ReturnData: true }, ...parts];
}

function sumOf(label, prefixOfIds, metrics) {
  return together('all', 'SUM(METRICS())', label, prefixOfIds, metrics);
}

/** One outcome of all functions of a group, which are counted together (lib/observability/metrics.ts). */
function countsOfGroup(of, name) {
  return {
    Namespace: 'runcloud-relay',
    MetricName: 'outcomes',
    Dimensions: dimensions({ group: groups[of], outcome: name }),
    Statistic: 'Sum',
  };
}

/** One outcome of one function. */
function counts(of, name) {
  return {
    Namespace: 'runcloud-relay',
    MetricName: 'outcomes',
    Dimensions: dimensions({ function: functionRef(of), outcome: name }),
    Statistic: 'Sum',
  };
}

/** The messages that a queue has gained. What the queue itself moved there is counted too: its metric of sent messages is not. */
function newIn(id) {
  const QueueName = { 'Fn::GetAtt': [id, 'QueueName'] };
  const visible = metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName }, { Stat: 'Maximum' });
  // By its id: METRICS() is a list, and an alarm needs one series.
  return together('gained', 'DIFF(visible1)', 'new', 'visible', [visible]);
}

const routesThatConfirm = ['domain-added', 'hooks/{token}/domain-created', 'domain-removed', 'ssl-retry'];

const alarms = {
  // Every new dead letter, also while others lie there: a state would ring once. A domain that waits for DNS or for a paused
  // network sends none.
  DeadLettersAlarm: {
    ...aSum,
    ...named(
      'high',
      'dead-letters',
      'A domain was given up. docs/operations/problems.md, "Dead letters", says how to read and retry it.',
    ),
    Metrics: newIn('DomainDeadLetters'),
  },

  CertificateDeadLettersAlarm: {
    ...aSum,
    ...named(
      'high',
      'certificate-dead-letters',
      'A certificate was given up. docs/operations/problems.md, "Dead letters", says how to read and retry it.',
    ),
    Metrics: newIn('CertificateDeadLetters'),
  },

  OutcomeDeadLettersAlarm: {
    ...aSum,
    ...named(
      'high',
      'outcome-dead-letters',
      'An outcome was given up: what answers at CALLBACK_URL did not take it. docs/operations/problems.md, "Dead letters", says how to read and retry it.',
    ),
    Metrics: newIn('OutcomeDeadLetters'),
  },

  // A thousand domains announced at once keep the queue busy for fifteen minutes at RunCloud's rate limit.
  OldestMessageAlarm: {
    ...aMetric,
    ...reportsItsEnd,
    ...named(
      'high',
      'oldest-message',
      'Messages wait for more than an hour, so sync-domain does not run or cannot keep up.',
    ),
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    ...ofQueue('DomainQueue'),
    Period: 300,
    Threshold: 3600,
  },

  OldestCertificateMessageAlarm: {
    ...aMetric,
    ...reportsItsEnd,
    ...named(
      'high',
      'oldest-certificate-message',
      'Messages wait for more than an hour, so secure-domains does not run or cannot keep up.',
    ),
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    ...ofQueue('CertificateQueue'),
    Period: 300,
    Threshold: 3600,
  },

  // A call that threw, or ran out of time or memory. A refusal of RunCloud is no error of a function; an API handler's 5xx
  // belongs to api-faults.
  FunctionErrorsAlarm: {
    ...aSum,
    ...named('high', 'function-errors', 'A function failed. Its log has the error with its stack.'),
    Metrics: sumOf(
      'errors',
      'errors',
      functions.map((name) => metric('AWS/Lambda', 'Errors', { FunctionName: functionRef(name) })),
    ),
  },

  // Lambda counts no error for a message that a worker returns to its queue. An alarm of its own, because one alarm
  // watches ten metrics at most.
  MessageFailuresAlarm: {
    ...aMetric,
    ...named(
      'high',
      'message-failures',
      'A worker returned a message to its queue. Its log has the error with its stack.',
    ),
    ...countsOfGroup('workers', 'crashed'),
  },

  // Workers defer work that needs an unavailable ledger, queue or secret, and the sweep sends it again. A short outage of AWS
  // raises no alarm, fifteen minutes do. Missing rights look the same. Deferred work comes again every six to
  // seven minutes, so neither of the two periods is empty meanwhile.
  UnavailableAlarm: {
    ...aMetric,
    ...reportsItsEnd,
    ...named(
      'critical',
      'unavailable',
      'For fifteen minutes workers could not reach the ledger, a queue or a secret. Their log says which.',
    ),
    EvaluationPeriods: 2,
    ...countsOfGroup('workers', 'unavailable'),
    Period: 480,
  },

  // An event was not confirmed. The plugin sends it again; the built-in webhook does not.
  ApiFaultsAlarm: {
    ...aSum,
    ...named(
      'critical',
      'api-faults',
      'An API handler answered 5xx, so an update was not confirmed. The log of the API handler says why.',
    ),
    Metrics: sumOf(
      'answers',
      'faults',
      routesThatConfirm.map((route) =>
        metric('AWS/ApiGateway', '5xx', {
          ApiId: { Ref: 'HttpApi' },
          Stage: '$default',
          Method: 'POST',
          Resource: `/{network}/${route}`,
        }),
      ),
    ),
  },

  // A sender whose secret or clock is wrong, or a guesser. A few are normal in a rotation.
  UnauthorizedAlarm: {
    ...aMetric,
    ...named(
      'high',
      'unauthorized',
      'Twenty calls in five minutes were refused with 401: a secret or a clock is wrong, or a guesser calls.',
    ),
    Threshold: 20,
    ...countsOfGroup('api', 'unauthorized'),
    Period: 300,
  },

  // The gateway answers 429 without a function, and counts it only among its 4xx. A network that announces all its domains sends faster than the
  // limit for a moment; five minutes of it are a loop.
  ApiRefusalsAlarm: {
    ...aSum,
    ...named(
      'high',
      'api-refusals',
      "A hundred events in five minutes were refused: with 429 by the gateway's limit, or with 401 or another 4xx by an API handler.",
    ),
    Threshold: 100,
    Metrics: sumOf(
      'refusals',
      'refusals',
      routesThatConfirm.map((route) =>
        metric(
          'AWS/ApiGateway',
          '4xx',
          { ApiId: { Ref: 'HttpApi' }, Stage: '$default', Method: 'POST', Resource: `/{network}/${route}` },
          { Period: 300 },
        ),
      ),
    ),
  },

  // Accepted removals, which still wait for their grace: there is time to stop a runaway sender.
  RemovalsAlarm: {
    ...aMetric,
    ...named(
      'critical',
      'removals',
      'More removals than REMOVALS_ALARM were accepted within an hour. Expected, or a runaway sender?',
    ),
    ...counts('domain-removed', 'accepted'),
    Period: 3600,
    Threshold: '${param:removalsAlarm}',
    ComparisonOperator: 'GreaterThanThreshold',
  },

  // A paused network: its credentials, ids or secret are wrong. It sends no dead letters, so no other alarm reports it.
  NetworkPausedAlarm: {
    ...aMetric,
    ...named('high', 'network-paused', 'A network was paused. GET /{network}/connection names the cause.'),
    ...countsOfGroup('workers', 'network-paused'),
  },

  // A failure raises no alarm until its dead letter is sent. The sweep tries again twice an hour.
  DeadLettersUnsentAlarm: {
    ...aMetric,
    ...named(
      'high',
      'dead-letters-unsent',
      "A dead letter could not be sent, so no other alarm reports that this domain or certificate was given up. The worker's log says which.",
    ),
    ...countsOfGroup('workers', 'dead-letter-unsent'),
  },

  // A newer version's item after a rollback, or one that was edited by hand. It holds back only itself.
  UnreadableItemAlarm: {
    ...aMetric,
    ...named(
      'high',
      'unreadable-item',
      'The ledger has an item that this version cannot read, so its domain, certificate or network waits. The log names it.',
    ),
    ...countsOfGroup('workers', 'unreadable-item'),
  },

  // More removals than the network's hourly limit: a copy of the network may be deleting the original's domains.
  RemovalsLimitedAlarm: {
    ...aMetric,
    ...named(
      'critical',
      'removals-limited',
      "A network's removals wait because of REMOVALS_PER_HOUR. Expected, or a runaway sender?",
    ),
    ...counts('sync-domain', 'removals-limited'),
  },

  // More additions than the network's hourly limit: a leaked secret may be filling the web application.
  AdditionsLimitedAlarm: {
    ...aMetric,
    ...named(
      'high',
      'additions-limited',
      "A network's additions wait because of ADDITIONS_PER_HOUR. Expected, or a runaway sender?",
    ),
    ...counts('sync-domain', 'additions-limited'),
  },

  // The week's orders for a web application, or for one registered domain, are used, so new ones wait for up to a week.
  OrderBudgetAlarm: {
    ...aMetric,
    ...named(
      'low',
      'order-budget',
      'A web application, or in advanced SSL a registered domain, has used its certificate orders of the week. New names wait.',
    ),
    ...counts('secure-domains', 'order-budget'),
  },

  // Once the quota is used, RunCloud answers 429 until the billing cycle ends, and every network of the account is paused.
  QuotaAlarm: {
    ...aSum,
    ...reportsItsEnd,
    ...named('high', 'quota', "A credential has used 80 % of RunCloud's calls of the month."),
    Threshold: '${param:runcloudCallsAlarm}',
    // An hour without a call does not change the month.
    TreatMissingData: 'ignore',
    // Each group reports the sum of both.
    Metrics: together(
      'most',
      'MAX(METRICS())',
      'calls',
      'calls',
      Object.values(groups).map((group) =>
        metric('runcloud-relay', 'callsThisMonth', { group }, { Stat: 'Maximum', Period: 3600 }),
      ),
    ),
  },

  // Without the sweep nothing is retried, and no other alarm would report it.
  SweepSilentAlarm: {
    ...aMetric,
    ...reportsItsEnd,
    ...named('critical', 'sweep-silent', 'The sweep has not run for ten minutes.'),
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Dimensions: dimensions({ FunctionName: functionRef('sweep') }),
    Statistic: 'Sum',
    Period: 600,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  },
};

/** As CloudWatch shows them, in the order of this file. */
export const alarmNames = Object.values(alarms).map(({ AlarmName }) => AlarmName);

export const template = {
  Resources: Object.fromEntries(
    Object.entries(alarms).map(([id, Properties]) => [id, { Type: 'AWS::CloudWatch::Alarm', Properties }]),
  ),
};
