import { expect, test } from '@jest/globals';
import { configOf, InvalidConfig } from '../../lib/config.ts';

const environment = {
  SECRET_PREFIX: 'runcloud-relay/dev',
  LEDGER_TABLE: 'ledger',
  DOMAIN_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/work',
  DOMAIN_DLQ_URL: 'https://sqs.eu-west-1.amazonaws.com/1/dead',
  CERTIFICATE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/certificates',
  CERTIFICATE_DLQ_URL: 'https://sqs.eu-west-1.amazonaws.com/1/dead-certificates',
};

function faultOf(parse: () => unknown): InvalidConfig {
  try {
    parse();
  } catch (error) {
    if (error instanceof InvalidConfig) return error;
    throw error;
  }
  throw new Error('Nothing was found faulty');
}

test('an unset variable has its documented default', () => {
  expect(
    configOf(
      environment,
      'LOG_LEVEL',
      'AWS_LAMBDA_FUNCTION_NAME',
      'METRIC_GROUP',
      'RETRY_BASE_SECONDS',
      'CERTIFICATE_RETRY_BASE_SECONDS',
      'RUNCLOUD_URL',
      'DNS_SERVERS',
      'TLS_PROBE_PORT',
      'DRIFT_DRY_RUN',
    ),
  ).toEqual({
    LOG_LEVEL: 'INFO',
    AWS_LAMBDA_FUNCTION_NAME: 'local',
    METRIC_GROUP: 'local',
    RETRY_BASE_SECONDS: 30,
    CERTIFICATE_RETRY_BASE_SECONDS: 60,
    RUNCLOUD_URL: 'https://manage.runcloud.io',
    DNS_SERVERS: [],
    TLS_PROBE_PORT: 443,
    DRIFT_DRY_RUN: false,
  });
});

test('the table, the secrets and the queues have no default', () => {
  const names = [
    'LEDGER_TABLE',
    'SECRET_PREFIX',
    'DOMAIN_QUEUE_URL',
    'DOMAIN_DLQ_URL',
    'CERTIFICATE_QUEUE_URL',
    'CERTIFICATE_DLQ_URL',
  ] as const;
  expect(configOf(environment, ...names)).toEqual(environment);
  expect(faultOf(() => configOf({}, ...names)).variables).toEqual(names);
});

test.each([
  ['true', true],
  ['TRUE', true],
  ['false', false],
  ['', false],
])('DRIFT_DRY_RUN=%s is %s', (text, expected) => {
  expect(configOf({ DRIFT_DRY_RUN: text }, 'DRIFT_DRY_RUN')).toEqual({ DRIFT_DRY_RUN: expected });
});

test('DRIFT_DRY_RUN that is neither is a fault: to add names that an operator wants left out is worse', () => {
  expect(faultOf(() => configOf({ DRIFT_DRY_RUN: 'yes' }, 'DRIFT_DRY_RUN')).variables).toEqual([
    'DRIFT_DRY_RUN',
  ]);
});

test('a set variable counts; an empty text is not set', () => {
  const config = configOf(
    {
      RETRY_BASE_SECONDS: '0.25',
      CERTIFICATE_RETRY_BASE_SECONDS: '',
      LOG_LEVEL: 'debug',
      RUNCLOUD_URL: 'http://127.0.0.1:8080/',
      AWS_LAMBDA_FUNCTION_NAME: 'sync-domain',
    },
    'RETRY_BASE_SECONDS',
    'CERTIFICATE_RETRY_BASE_SECONDS',
    'LOG_LEVEL',
    'RUNCLOUD_URL',
    'AWS_LAMBDA_FUNCTION_NAME',
  );
  expect(config).toEqual({
    RETRY_BASE_SECONDS: 0.25,
    CERTIFICATE_RETRY_BASE_SECONDS: 60,
    LOG_LEVEL: 'DEBUG',
    RUNCLOUD_URL: 'http://127.0.0.1:8080',
    AWS_LAMBDA_FUNCTION_NAME: 'sync-domain',
  });
});

test('a function needs only the variables that it names, and gets no others', () => {
  const { LEDGER_TABLE, DOMAIN_QUEUE_URL } = environment;
  expect(configOf({ LEDGER_TABLE, DOMAIN_QUEUE_URL: 'no URL' }, 'LEDGER_TABLE')).toEqual({ LEDGER_TABLE });
  expect(configOf({ LEDGER_TABLE, DOMAIN_QUEUE_URL }, 'DOMAIN_QUEUE_URL')).toEqual({ DOMAIN_QUEUE_URL });
});

test('one message names every fault, without its value', () => {
  const names = [
    'SECRET_PREFIX',
    'LEDGER_TABLE',
    'DOMAIN_QUEUE_URL',
    'DOMAIN_DLQ_URL',
    'CERTIFICATE_QUEUE_URL',
    'RETRY_BASE_SECONDS',
    'CERTIFICATE_RETRY_BASE_SECONDS',
    'LOG_LEVEL',
    'RUNCLOUD_URL',
  ] as const;
  const error = faultOf(() =>
    configOf(
      {
        SECRET_PREFIX: ' ',
        LEDGER_TABLE: 'ledger',
        DOMAIN_QUEUE_URL: 'spoiled-value',
        RETRY_BASE_SECONDS: '0',
        CERTIFICATE_RETRY_BASE_SECONDS: '1e3',
        LOG_LEVEL: 'spoiled-value',
        RUNCLOUD_URL: 'http://spoiled-value.example.com',
      },
      ...names,
    ),
  );
  expect(error.variables).toEqual(names.filter((name) => name !== 'LEDGER_TABLE'));
  for (const variable of error.variables) expect(error.message).toContain(variable);
  expect(error.message).not.toContain('spoiled-value');
});

test('resolvers are addresses, with or without a port', () => {
  const parsed = (DNS_SERVERS: string) => configOf({ DNS_SERVERS }, 'DNS_SERVERS').DNS_SERVERS;
  expect(parsed('127.0.0.1:5353, [::1]:53,192.0.2.1')).toEqual(['127.0.0.1:5353', '[::1]:53', '192.0.2.1']);
  for (const text of ['dns.example', '192.0.2.1:99999', '192.0.2.1;192.0.2.2']) {
    expect(faultOf(() => parsed(text)).variables).toEqual(['DNS_SERVERS']);
  }
});

test.each(['0', '65536', 'https', '-1'])('%s is no port to probe', (TLS_PROBE_PORT) => {
  expect(faultOf(() => configOf({ TLS_PROBE_PORT }, 'TLS_PROBE_PORT')).variables).toEqual(['TLS_PROBE_PORT']);
});
