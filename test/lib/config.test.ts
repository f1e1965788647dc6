import { expect, test } from '@jest/globals';
import {
  InvalidConfig,
  parseApiConfig,
  parseCertificateConfig,
  parseReadConfig,
  parseRetryConfig,
  parseSweepConfig,
  parseWorkerConfig,
} from '../../lib/config.ts';

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

test('what nobody set has its documented default', () => {
  expect(parseWorkerConfig(environment)).toEqual({
    logLevel: 'INFO',
    functionName: 'local',
    ledgerTable: 'ledger',
    domainBaseMs: 30_000,
    certificateBaseMs: 60_000,
    secretPrefix: 'runcloud-relay/dev',
    domainQueueUrl: environment.DOMAIN_QUEUE_URL,
    domainDlqUrl: environment.DOMAIN_DLQ_URL,
    certificateQueueUrl: environment.CERTIFICATE_QUEUE_URL,
    runcloudUrl: 'https://manage.runcloud.io',
    dnsServers: [],
    driftDryRun: false,
  });
});

test.each([
  ['true', true],
  ['TRUE', true],
  ['false', false],
  ['', false],
])('DRIFT_DRY_RUN=%s is %s', (text, expected) => {
  expect(parseWorkerConfig({ ...environment, DRIFT_DRY_RUN: text }).driftDryRun).toBe(expected);
});

test('DRIFT_DRY_RUN that is neither is a fault: healing against somebody’s will would be worse than none', () => {
  expect(faultOf(() => parseWorkerConfig({ ...environment, DRIFT_DRY_RUN: 'yes' })).variables).toEqual([
    'DRIFT_DRY_RUN',
  ]);
});

test('what is set counts; an empty text is not set', () => {
  const config = parseWorkerConfig({
    ...environment,
    RETRY_BASE_SECONDS: '0.25',
    CERTIFICATE_RETRY_BASE_SECONDS: '',
    LOG_LEVEL: 'debug',
    RUNCLOUD_URL: 'http://127.0.0.1:8080/',
    AWS_LAMBDA_FUNCTION_NAME: 'sync-domain',
  });
  expect(config).toMatchObject({
    domainBaseMs: 250,
    certificateBaseMs: 60_000,
    logLevel: 'DEBUG',
    runcloudUrl: 'http://127.0.0.1:8080',
    functionName: 'sync-domain',
  });
});

test('a function asks only for what it uses', () => {
  const { SECRET_PREFIX, LEDGER_TABLE, DOMAIN_QUEUE_URL, CERTIFICATE_QUEUE_URL, CERTIFICATE_DLQ_URL } =
    environment;
  const api = { SECRET_PREFIX, LEDGER_TABLE, DOMAIN_QUEUE_URL };
  expect(parseApiConfig(api).secretPrefix).toBe(SECRET_PREFIX);
  expect(parseRetryConfig({ ...api, CERTIFICATE_QUEUE_URL }).certificateQueueUrl).toBe(CERTIFICATE_QUEUE_URL);
  const sweep = { LEDGER_TABLE, DOMAIN_QUEUE_URL, CERTIFICATE_QUEUE_URL };
  expect(parseSweepConfig(sweep).ledgerTable).toBe('ledger');
  const certificates = { SECRET_PREFIX, LEDGER_TABLE, CERTIFICATE_QUEUE_URL, CERTIFICATE_DLQ_URL };
  expect(parseCertificateConfig(certificates)).toMatchObject({
    certificateDlqUrl: CERTIFICATE_DLQ_URL,
    tlsProbePort: 443,
  });
  expect(faultOf(() => parseWorkerConfig(api)).variables).toEqual([
    'DOMAIN_DLQ_URL',
    'CERTIFICATE_QUEUE_URL',
  ]);
});

test('every fault stands in one message, by name and without its value', () => {
  const error = faultOf(() =>
    parseWorkerConfig({
      SECRET_PREFIX: ' ',
      LEDGER_TABLE: 'ledger',
      DOMAIN_QUEUE_URL: 'spoiled-value',
      RETRY_BASE_SECONDS: '0',
      CERTIFICATE_RETRY_BASE_SECONDS: '1e3',
      LOG_LEVEL: 'spoiled-value',
      RUNCLOUD_URL: 'http://spoiled-value.example.com',
    }),
  );
  expect([...error.variables].sort()).toEqual([
    'CERTIFICATE_QUEUE_URL',
    'CERTIFICATE_RETRY_BASE_SECONDS',
    'DOMAIN_DLQ_URL',
    'DOMAIN_QUEUE_URL',
    'LOG_LEVEL',
    'RETRY_BASE_SECONDS',
    'RUNCLOUD_URL',
    'SECRET_PREFIX',
  ]);
  for (const variable of error.variables) expect(error.message).toContain(variable);
  expect(error.message).not.toContain('spoiled-value');
});

test('reads need no queue; resolvers, probe port and RunCloud have their defaults', () => {
  const { SECRET_PREFIX, LEDGER_TABLE } = environment;
  expect(parseReadConfig({ SECRET_PREFIX, LEDGER_TABLE })).toMatchObject({
    secretPrefix: 'runcloud-relay/dev',
    ledgerTable: 'ledger',
    runcloudUrl: 'https://manage.runcloud.io',
    dnsServers: [],
    tlsProbePort: 443,
  });
});

test('resolvers are addresses, with or without a port', () => {
  const parsed = (DNS_SERVERS: string) => parseReadConfig({ ...environment, DNS_SERVERS }).dnsServers;
  expect(parsed('127.0.0.1:5353, [::1]:53,192.0.2.1')).toEqual(['127.0.0.1:5353', '[::1]:53', '192.0.2.1']);
  for (const text of ['dns.example', '192.0.2.1:99999', '192.0.2.1;192.0.2.2']) {
    expect(faultOf(() => parsed(text)).variables).toEqual(['DNS_SERVERS']);
  }
});

test.each(['0', '65536', 'https', '-1'])('%s is no port to probe', (TLS_PROBE_PORT) => {
  expect(faultOf(() => parseReadConfig({ ...environment, TLS_PROBE_PORT })).variables).toEqual([
    'TLS_PROBE_PORT',
  ]);
});
