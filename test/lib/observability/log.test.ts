import { expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { createLog, type LogLevel } from '../../../lib/observability/log.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';

const secret = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0';

function recorded(level: LogLevel = 'INFO') {
  const lines: string[] = [];
  const log = createLog({
    service: 'runcloud-relay',
    level,
    write: (line) => lines.push(line),
    now: () => Date.parse('2026-11-21T05:00:00.123Z'),
  });
  return { log, lines, facts: (): unknown[] => lines.map((line) => JSON.parse(line)) };
}

test('a fact is one JSON line in the shape of Powertools for AWS Lambda', () => {
  const { log, lines, facts } = recorded();
  log
    .during({
      cold_start: true,
      function_name: 'sync-domain',
      function_request_id: 'r-1',
      xray_trace_id: '1-2',
    })
    .info('domain reconciled', {
      network: 'default',
      domain: 'a.example.com',
      outcome: 'two\nlines',
      attempts: 3,
      reason: null,
    });
  expect(lines[0]).not.toContain('\n');
  expect(facts()).toEqual([
    {
      level: 'INFO',
      message: 'domain reconciled',
      timestamp: '2026-11-21T05:00:00.123Z',
      service: 'runcloud-relay',
      cold_start: true,
      function_name: 'sync-domain',
      function_request_id: 'r-1',
      xray_trace_id: '1-2',
      network: 'default',
      domain: 'a.example.com',
      outcome: 'two\nlines',
      attempts: 3,
    },
  ]);
});

test('what is not listed is not written, however it got into the fields', () => {
  const { log, lines, facts } = recorded();
  const settings = {
    network: 'default',
    relaySecrets: [secret],
    token: secret,
    domain: { toJSON: () => secret },
  };
  log.info('connection checked', Object.assign({}, settings, { domain: undefined }));
  Reflect.apply(log.warn, log, ['checked', settings]);
  expect(lines.join()).not.toContain(secret);
  expect(facts()).toEqual([
    expect.objectContaining({ network: 'default' }),
    expect.not.objectContaining({ domain: expect.anything() }),
  ]);
});

test.each<[LogLevel, string[]]>([
  ['DEBUG', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
  ['INFO', ['INFO', 'WARN', 'ERROR']],
  ['WARN', ['WARN', 'ERROR']],
  ['ERROR', ['ERROR']],
  ['SILENT', []],
])('at %s only these levels are written: %p', (level, written) => {
  const { log, facts } = recorded(level);
  log.debug('messages sent');
  log.info('status read');
  log.warn('work deferred');
  log.error('call failed');
  expect(facts()).toEqual(written.map((name) => expect.objectContaining({ level: name })));
});

test('an error shows name, code, message and frames, and of its causes only names and codes', () => {
  const { log, lines, facts } = recorded();
  const reset = Object.assign(new Error(`sent ${secret}`), { code: 'ECONNRESET' });
  const error = new Unavailable('queue', new Error(`body ${secret}`, { cause: reset }));
  log.error('call failed', { error });
  expect(facts()).toEqual([
    expect.objectContaining({
      error: {
        name: 'Unavailable',
        message: 'The queue could not be reached',
        stack: expect.stringMatching(/^\s+at /),
        causes: ['Error', 'Error ECONNRESET'],
      },
    }),
  ]);
  expect(lines.join()).not.toContain(secret);
});

test('the code of a failure we know is shown', () => {
  const { log, facts } = recorded();
  log.error('call failed', { error: new InvalidSecret('is not valid JSON') });
  expect(facts()).toEqual([
    expect.objectContaining({
      error: expect.objectContaining({ code: 'secret-invalid', message: 'The secret is not valid JSON' }),
    }),
  ]);
});

test('neither a parser nor a thrown text gets to quote what it had in hand', () => {
  const { log, lines } = recorded();
  const parse = () => JSON.parse(`${secret}`);
  expect(parse).toThrow(SyntaxError);
  try {
    parse();
  } catch (error) {
    log.error('call failed', { error });
  }
  log.error('call failed', { error: `thrown ${secret}` });
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain(secret.slice(0, 10));
});

test('a chain of causes that bites its own tail comes to an end', () => {
  const { log, lines } = recorded();
  const error = new Error('round');
  error.cause = error;
  log.error('call failed', { error });
  expect(lines).toHaveLength(1);
});
