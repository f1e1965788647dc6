import { z } from 'zod';

/** Days that CloudWatch Logs offers. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const text = z.coerce.string();

function oneOf(values) {
  const error = `write ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  return text.refine((value) => values.includes(value), { error });
}

const flag = oneOf(['true', 'false']);

const count = text.regex(/^[1-9]\d{0,8}$/, { error: 'write a whole number from 1 on, in digits only' });

/** Whether a setting names something. `none` says on purpose that it does not: it takes away what a running stage has. */
export function isSet(value) {
  return value !== undefined && value !== '' && value !== 'none';
}

function optional(pattern, error) {
  return text.refine((value) => !isSet(value) || pattern.test(value), { error });
}

const kmsArn = /^arn:[\w-]+:kms:([\w-]+):\d{12}:key\/[\w-]+$/;
const policyArn = /^arn:[\w-]+:iam::\d{12}:policy\/[\w+=,.@/-]+$/;
const acmArn = /^arn:[\w-]+:acm:([\w-]+):\d{12}:certificate\/[\w-]+$/;

/** Every setting of a deploy, by the name that its operator knows: a variable of the environment, or a param. */
const settings = z.strictObject({
  ALARM_EMAIL: optional(/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/, 'write one address, or none'),
  RELAY_DOMAIN: optional(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    'write a host name in small letters, without https:// and without a path, or none',
  ),
  RELAY_CERTIFICATE_ARN: optional(acmArn, 'write the ARN of a certificate in ACM, or none'),
  KEEP_DEFAULT_ADDRESS: text.refine((value) => ['', 'true', 'false'].includes(value), {
    error: 'write true or false',
  }),
  RELAY_KMS_KEY_ARN: optional(kmsArn, 'write the ARN of a key in KMS, not that of an alias, or none'),
  RELAY_ROLES_BOUNDARY_ARN: optional(policyArn, 'write the ARN of a managed policy in IAM, or none'),
  RESERVED_CONCURRENCY: flag,
  DASHBOARD: flag,
  RUNCLOUD_CALLS_ALARM: count,
  REMOVALS_ALARM: count,
  DRIFT_DRY_RUN: flag,
  logLevel: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  logRetentionDays: oneOf(retentionDays.map(String)),
  tableDeletionProtection: flag,
});

/** A custom domain needs both of its settings. */
function domainFaults({ RELAY_DOMAIN: domain, RELAY_CERTIFICATE_ARN: certificate }) {
  if (isSet(domain) === isSet(certificate)) return [];
  return isSet(domain)
    ? ['RELAY_DOMAIN is set and RELAY_CERTIFICATE_ARN is not: set the ARN of its certificate too, or neither']
    : ['RELAY_CERTIFICATE_ARN is set and RELAY_DOMAIN is not: set the host name too, or neither'];
}

/** AWS uses a certificate and a key in their own region alone. */
function regionFaults(values, region) {
  const inRegions = { RELAY_CERTIFICATE_ARN: acmArn, RELAY_KMS_KEY_ARN: kmsArn };
  return Object.entries(inRegions).flatMap(([name, arn]) => {
    const [, its = region] = arn.exec(values[name]) ?? [];
    return region === undefined || its === region
      ? []
      : [`${name} is of ${its}: a stage in ${region} needs one of ${region}`];
  });
}

/** A sentence for each setting that a deploy cannot use. `region`: where it goes, if that is known. */
export function settingFaults(values, region) {
  const issues = settings.safeParse(values).error?.issues ?? [];
  const faults = issues.map(({ path: [name], message }) => `${name} is "${values[name]}": ${message}`);
  return [...faults, ...domainFaults(values), ...regionFaults(values, region)];
}
