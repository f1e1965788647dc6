import { describe, expect, test } from '@jest/globals';
import { settingFaults } from '../../infra/settings.js';

const certificate = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f3c1a52-7a1e-4a7c-9d54-0c7ae2b0a001';
const key = 'arn:aws:kms:eu-west-1:123456789012:key/5b1c7d2e-8f43-4a0a-9a55-1f0c3d2b4e6f';
/** As serverless.yml has them where nothing is set. */
const byDefault = {
  ALARM_EMAIL: '',
  RELAY_DOMAIN: '',
  RELAY_CERTIFICATE_ARN: '',
  KEEP_DEFAULT_ADDRESS: '',
  RELAY_KMS_KEY_ARN: '',
  RELAY_ROLES_BOUNDARY_ARN: '',
  RESERVED_CONCURRENCY: 'false',
  DASHBOARD: 'false',
  RUNCLOUD_CALLS_ALARM: '320000',
  REMOVALS_ALARM: '20',
  DRIFT_DRY_RUN: 'false',
  logLevel: 'INFO',
  logRetentionDays: 90,
  tableDeletionProtection: true,
};

function faultsOf(values: Readonly<Record<string, unknown>>, region: string | undefined = 'eu-west-1') {
  return settingFaults({ ...byDefault, ...values }, region);
}

describe('the settings of a deploy', () => {
  test.each<Readonly<Record<string, unknown>>>([
    {},
    { ALARM_EMAIL: 'ops+relay@example.org' },
    { ALARM_EMAIL: 'none', RELAY_DOMAIN: 'none', RELAY_CERTIFICATE_ARN: 'none' },
    { RELAY_DOMAIN: 'relay.network.example', RELAY_CERTIFICATE_ARN: certificate },
    { RELAY_DOMAIN: 'relay.xn--p1ai', RELAY_CERTIFICATE_ARN: certificate },
    { RELAY_KMS_KEY_ARN: key, KEEP_DEFAULT_ADDRESS: 'true', RESERVED_CONCURRENCY: 'true' },
    { RELAY_ROLES_BOUNDARY_ARN: 'arn:aws:iam::123456789012:policy/relay-boundary-prod' },
    { DRIFT_DRY_RUN: 'true', REMOVALS_ALARM: '1', RUNCLOUD_CALLS_ALARM: 400000 },
    { logLevel: 'WARN', logRetentionDays: '365', tableDeletionProtection: 'false' },
  ])('may be %j', (values) => {
    expect(faultsOf(values)).toEqual([]);
  });

  test.each([
    ['ALARM_EMAIL', 'ops', 'write one address, or none'],
    ['ALARM_EMAIL', 'a@example.org, b@example.org', 'write one address, or none'],
    ['RUNCLOUD_CALLS_ALARM', 'abc', 'write a whole number from 1 on, in digits only'],
    ['RUNCLOUD_CALLS_ALARM', '320,000', 'write a whole number from 1 on, in digits only'],
    ['RUNCLOUD_CALLS_ALARM', '', 'write a whole number from 1 on, in digits only'],
    ['REMOVALS_ALARM', '0', 'write a whole number from 1 on, in digits only'],
    ['KEEP_DEFAULT_ADDRESS', 'open', 'write true or false'],
    ['RESERVED_CONCURRENCY', '10', 'write true or false'],
    [
      'RELAY_ROLES_BOUNDARY_ARN',
      'arn:aws:iam::123456789012:role/relay',
      'write the ARN of a managed policy in IAM, or none',
    ],
    ['DASHBOARD', 'yes', 'write true or false'],
    [
      'RELAY_KMS_KEY_ARN',
      'arn:aws:kms:eu-west-1:123456789012:alias/relay',
      'write the ARN of a key in KMS, not that of an alias, or none',
    ],
    ['DRIFT_DRY_RUN', 'yes', 'write true or false'],
    ['DRIFT_DRY_RUN', '', 'write true or false'],
    ['logLevel', 'debug', 'write DEBUG, INFO, WARN or ERROR'],
    ['tableDeletionProtection', 'on', 'write true or false'],
  ])('%s may not be "%s"', (name, value, sentence) => {
    expect(faultsOf({ [name]: value })).toEqual([`${name} is "${value}": ${sentence}`]);
  });

  test.each([
    'https://relay.network.example',
    'relay.network.example/',
    'Relay.network.example',
    'relay',
    '*.network.example',
  ])('RELAY_DOMAIN may not be "%s"', (name) => {
    expect(faultsOf({ RELAY_DOMAIN: name, RELAY_CERTIFICATE_ARN: certificate })).toEqual([
      `RELAY_DOMAIN is "${name}": write a host name in small letters, without https:// and without a path, or none`,
    ]);
  });

  test.each(['', 'none'])('a host name without its certificate is half a custom domain ("%s")', (half) => {
    expect(faultsOf({ RELAY_DOMAIN: 'relay.network.example', RELAY_CERTIFICATE_ARN: half })).toEqual([
      'RELAY_DOMAIN is set and RELAY_CERTIFICATE_ARN is not: set the ARN of its certificate too, or neither',
    ]);
    expect(faultsOf({ RELAY_DOMAIN: half, RELAY_CERTIFICATE_ARN: certificate })).toEqual([
      'RELAY_CERTIFICATE_ARN is set and RELAY_DOMAIN is not: set the host name too, or neither',
    ]);
  });

  test('certificate and key are of the region that is deployed to', () => {
    const domain = { RELAY_DOMAIN: 'relay.network.example', RELAY_CERTIFICATE_ARN: certificate };
    expect(faultsOf({ ...domain, RELAY_KMS_KEY_ARN: key }, 'us-east-1')).toEqual([
      'RELAY_CERTIFICATE_ARN is of eu-west-1: a stage in us-east-1 needs one of us-east-1',
      'RELAY_KMS_KEY_ARN is of eu-west-1: a stage in us-east-1 needs one of us-east-1',
    ]);
    expect(settingFaults({ ...byDefault, ...domain }, undefined)).toEqual([]);
    expect(
      faultsOf({ ...domain, RELAY_CERTIFICATE_ARN: 'arn:aws:iam::123456789012:server-certificate/x' }),
    ).toEqual([
      expect.stringMatching(/^RELAY_CERTIFICATE_ARN is .*: write the ARN of a certificate in ACM, or none$/),
    ]);
  });

  test('are all told at once', () => {
    expect(
      faultsOf({ DRIFT_DRY_RUN: 'yes', REMOVALS_ALARM: '-1', RELAY_DOMAIN: 'relay.network.example' }),
    ).toHaveLength(3);
  });
});
