/** The functions of serverless.yml, in its order. */
export const functions = [
  'domain-added',
  'domain-removed',
  'ssl-retry',
  'domain-status',
  'connection',
  'sync-domain',
  'secure-domains',
  'post-outcome',
  'sweep',
];

/** The workers that call RunCloud. */
export const runcloudWorkers = ['sync-domain', 'secure-domains'];

/** The logical ids that osls gives a function's resources: `DomainDashaddedLambdaFunction`. */
export function logicalId(functionName, kind) {
  const name = functionName.replaceAll('-', 'Dash');
  return `${name[0].toUpperCase()}${name.slice(1)}${kind}`;
}

/** The start of every name that CloudWatch shows. */
export const prefix = '${self:service}-${sls:stage}';

/** Groups of functions whose alarms watch one metric: METRIC_GROUP in serverless.yml. */
export const groups = { workers: `${prefix}-workers`, api: `${prefix}-api` };
