import { describe, expect, test } from '@jest/globals';
import { receive } from '../../functions/sync-domain.ts';
import { Unavailable } from '../../lib/errors.ts';
import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { sqsEvent } from '../support/aws/sqs-event.ts';
import { silentLog, silentMetrics } from '../support/silent-log.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  SECOND,
} from '../support/sync/items.ts';
import { reconcileWorld } from '../support/sync/reconcile-world.ts';

const context = { functionName: 'sync-domain', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 300_000 };
function messageFor(domain?: string, deadLetter?: number) {
  return JSON.stringify({ network: NETWORK, domain, deadLetter });
}

describe('a message', () => {
  test('about a domain brings it to RunCloud and is acknowledged', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    const answer = await receive(sqsEvent(messageFor(DOMAIN)), context, {
      ...world.services,
      log: silentLog,
      metrics: silentMetrics,
    });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
  });

  test('without a domain walks over the network', async () => {
    const world = reconcileWorld();
    await world.putNetwork(
      networkItem({ requeue: { reason: 'resumed', cursor: null }, dueAt: NOW, sendAt: NOW }),
    );
    await world.putDomain(domainItem({ state: 'paused', dueAt: NOW + 20 * MINUTE }));
    await receive(sqsEvent(messageFor()), context, {
      ...world.services,
      log: silentLog,
      metrics: silentMetrics,
    });
    expect((await world.network()).requeue).toBeNull();
    expect((await world.domain()).dueAt).toBeLessThan(NOW + 20 * MINUTE);
  });

  test('that was a dead letter is one more try', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ state: 'failed', dueAt: null, sendAt: null }));
    await receive(sqsEvent(messageFor(DOMAIN, 1)), context, {
      ...world.services,
      log: silentLog,
      metrics: silentMetrics,
    });
    expect(await world.domain()).toMatchObject({ state: 'present' });
  });

  test('takes a lease that outlives its call by 30 seconds', async () => {
    const leases: (number | null)[] = [];
    const world = reconcileWorld({
      rows: [row()],
      onCall: async () => void leases.push((await world.domain()).leaseUntil),
    });
    await world.putDomain(domainItem({ runcloudId: { id: 5, ...APP } }));
    await receive(
      sqsEvent(messageFor(DOMAIN)),
      { ...context, getRemainingTimeInMillis: () => 200_000 },
      {
        ...world.services,
        log: silentLog,
        metrics: silentMetrics,
      },
    );
    expect(leases).toEqual([NOW + 230 * SECOND]);
  });

  test('is one line of the log, which names its call and its function, and counts its outcome', async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await receive(sqsEvent(messageFor(DOMAIN)), context, {
      ...world.services,
      log: createLog({ service: 'test', level: 'INFO', write }),
      metrics: createMetrics({ functionName: 'sync-domain', group: 'workers', write }),
    });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        message: 'domain reconciled',
        function_name: 'sync-domain',
        function_request_id: 'r-1',
        function: 'sync-domain',
        outcome: 'present',
        outcomes: 1,
      },
    ]);
  });

  const telling = () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    return {
      log: createLog({ service: 'test', level: 'INFO', write }),
      metrics: createMetrics({ functionName: 'sync-domain', group: 'workers', write }),
      told: () => lines.map((line): unknown => JSON.parse(line)),
    };
  };

  test('whose pass meets a bug is logged, counted and delivered again, and its calls are counted', async () => {
    const { told, ...services } = telling();
    const reportCallsThisMonth = services.metrics.callsThisMonth;
    const world = reconcileWorld({
      onCall: async () => {
        throw new TypeError('a bug');
      },
    });
    await world.putDomain(domainItem());
    expect(
      await receive(sqsEvent(messageFor(DOMAIN)), context, {
        ...world.services,
        ...services,
        reportCallsThisMonth,
      }),
    ).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(told()).toMatchObject([
      {
        level: 'ERROR',
        message: 'message failed',
        item: 'message-0',
        error: { name: 'TypeError', message: 'a bug' },
        function: 'sync-domain',
        outcome: 'crashed',
        outcomes: 1,
      },
      { group: 'workers', callsThisMonth: 1 },
    ]);
  });

  test('that needs an unreadable secret is put off and logged: otherwise its domain would be pending in silence', async () => {
    const { told, ...services } = telling();
    const world = reconcileWorld({
      access: () => {
        throw new Unavailable('secrets', new TypeError('no right'));
      },
    });
    await world.putDomain(domainItem());
    expect(await receive(sqsEvent(messageFor(DOMAIN)), context, { ...world.services, ...services })).toEqual({
      batchItemFailures: [],
    });
    expect(told()).toMatchObject([
      {
        level: 'WARN',
        message: 'work deferred',
        network: NETWORK,
        domain: DOMAIN,
        what: 'secrets',
        outcome: 'unavailable',
        outcomes: 1,
      },
    ]);
  });

  test('that meets no ledger at all goes back to the queue, as an outage and not as a bug', async () => {
    const { told, ...services } = telling();
    const ledger = { ...memoryLedger(), read: () => Promise.reject(new Unavailable('ledger')) };
    const world = reconcileWorld({ services: { ledger } });
    expect(await receive(sqsEvent(messageFor(DOMAIN)), context, { ...world.services, ...services })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(told()).toMatchObject([
      { level: 'WARN', message: 'message failed', what: 'ledger', outcome: 'unavailable', outcomes: 1 },
    ]);
  });
});
