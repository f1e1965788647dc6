import { describe, expect, test } from '@jest/globals';
import { receive } from '../../functions/secure-domains.ts';
import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import { sqsEvent } from '../support/aws/sqs-event.ts';
import { certificateWorld } from '../support/certificates/certificate-world.ts';
import { silentLog, silentMetrics } from '../support/silent-log.ts';
import { DOMAIN, MINUTE, NETWORK, SECOND } from '../support/sync/items.ts';

const context = {
  functionName: 'secure-domains',
  awsRequestId: 'r-1',
  getRemainingTimeInMillis: () => 300_000,
};
function message(domain?: string, deadLetter?: number) {
  return JSON.stringify({ network: NETWORK, domain, deadLetter });
}

async function arrived(...options: Parameters<typeof certificateWorld>) {
  const world = certificateWorld(...options);
  await world.arrive();
  await world.time.advance(20 * SECOND);
  return world;
}

describe('a message', () => {
  test('about a network brings its domains their certificates and is acknowledged', async () => {
    const world = await arrived();
    const services = { ...world.services, log: silentLog, metrics: silentMetrics };
    expect(await receive(sqsEvent(message()), context, services)).toEqual({ batchItemFailures: [] });
    await world.time.advance(MINUTE);
    await receive(sqsEvent(message()), context, services);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('that was a dead letter is one more try', async () => {
    const world = await arrived();
    await world.putRequest({
      state: 'failed',
      revision: 3,
      deadLetteredRevision: 3,
      dueAt: world.clock.now() + MINUTE,
    });
    await receive(sqsEvent(message(DOMAIN, 3)), context, {
      ...world.services,
      log: silentLog,
      metrics: silentMetrics,
    });
    expect(await world.request()).toMatchObject({ state: 'requested', revision: 4 });
  });

  test('takes leases that outlive its call by 30 seconds', async () => {
    const leases: unknown[] = [];
    const world = await arrived({
      onCall: async ({ op }) => {
        if (op !== 'mode') return;
        leases.push((await world.request()).leaseUntil, (await world.work()).leaseUntil);
      },
    });
    const now = world.clock.now();
    await receive(
      sqsEvent(message()),
      { ...context, getRemainingTimeInMillis: () => 200_000 },
      { ...world.services, log: silentLog, metrics: silentMetrics },
    );
    expect(leases).toEqual([now + 230 * SECOND, now + 230 * SECOND]);
  });

  test('is logged in lines that name its call and its function', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(line) });
    const world = await arrived();
    await receive(sqsEvent(message()), context, { ...world.services, log, metrics: silentMetrics });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(
      ['certificate ordered', 'certificate checked'].map((message) => ({
        message,
        function_name: 'secure-domains',
        function_request_id: 'r-1',
      })),
    );
  });

  test('whose pass meets a bug is logged and delivered again, and its calls are counted', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(line) });
    const metrics = createMetrics({
      functionName: 'secure-domains',
      group: 'workers',
      write: (line) => lines.push(line),
    });
    const world = await arrived({
      onCall: async () => {
        throw new TypeError('a bug');
      },
    });
    const reportCallsThisMonth = metrics.callsThisMonth;
    expect(
      await receive(sqsEvent(message()), context, { ...world.services, log, metrics, reportCallsThisMonth }),
    ).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(lines.at(-2)).toContain('"outcome":"crashed"');
    expect(lines.at(-1)).toContain('"callsThisMonth":');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'ERROR',
      message: 'message failed',
      item: 'message-0',
      error: { name: 'TypeError', message: 'a bug' },
    });
  });
});
