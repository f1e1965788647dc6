import { describe, expect, test } from '@jest/globals';
import { receive as secureDomains } from '../../functions/secure-domains.ts';
import { receive as sweepAll } from '../../functions/sweep.ts';
import { receive as syncDomain } from '../../functions/sync-domain.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { manualClock } from '../doubles/manual-clock.ts';
import { memoryQueue } from '../doubles/queue.ts';
import { noMail } from '../support/aws/no-mail.ts';
import { sqsEvent } from '../support/aws/sqs-event.ts';
import { nobodysQueue } from '../support/aws/unread-queue.ts';
import { certificateWorld } from '../support/certificates/certificate-world.ts';
import { DOMAIN, delays, domainItem, MINUTE, NETWORK, NOW, SECOND } from '../support/sync/items.ts';
import { reconcileWorld } from '../support/sync/reconcile-world.ts';

const context = { functionName: 'worker', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 300_000 };
function message(domain?: string, deadLetter?: number) {
  return sqsEvent(JSON.stringify({ network: NETWORK, domain, deadLetter }));
}

function watched() {
  const lines: { level: string; message: string; item?: string; network?: string }[] = [];
  const outcomes: unknown[] = [];
  const write = (text: string): void => {
    const line = JSON.parse(text);
    if ('message' in line) lines.push(line);
    if ('outcomes' in line) outcomes.push(line.outcome);
  };
  const log = createLog({ service: 'test', level: 'WARN', write });
  const metrics = createMetrics({ functionName: 'worker', group: 'workers', write });
  return { lines, outcomes, log, metrics };
}

const told = { level: 'ERROR', message: 'item cannot be read', network: NETWORK };

async function spoiltDomain() {
  const world = reconcileWorld();
  await world.putDomain(domainItem({ state: 'failed' }));
  await world.ledger.spoil(domainKey(NETWORK, DOMAIN));
  return world;
}

async function spoiltCertificate() {
  const world = certificateWorld();
  await world.arrive();
  await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
  await world.time.advance(20 * SECOND);
  return world;
}

describe('an item that cannot be read is reported by log and metric, and its message acknowledged', () => {
  test('by sync-domain', async () => {
    const { lines, outcomes, log, metrics } = watched();
    const { services } = await spoiltDomain();
    const answer = await syncDomain(message(DOMAIN), context, { ...services, log, metrics });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(lines).toMatchObject([{ ...told, item: `domain#${DOMAIN}`, function_request_id: 'r-1' }]);
    expect(outcomes).toEqual(['unreadable-item']);
  });

  test('by secure-domains', async () => {
    const { lines, outcomes, log, metrics } = watched();
    const { services } = await spoiltCertificate();
    const answer = await secureDomains(message(), context, { ...services, log, metrics });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(lines).toMatchObject([{ ...told, item: `certificate#${DOMAIN}` }]);
    expect(outcomes).toEqual(['unreadable-item']);
  });
});

test('the sweep reports it too, and sends the messages of all', async () => {
  const { lines, outcomes, log, metrics } = watched();
  const clock = manualClock(NOW);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  for (const domain of [DOMAIN, 'other.example']) {
    ledger.put(domainKey(NETWORK, domain), domainItem({ domain }));
  }
  await ledger.spoil(domainKey(NETWORK, DOMAIN));
  await sweepAll(context, {
    ledger,
    queue,
    certificateQueue: queue,
    outcomeQueue: nobodysQueue,
    mailer: noMail.mailer,
    clock,
    delays,
    certificateDelays: certificateDelays(MINUTE),
    newOwner: () => 'sweep-1',
    log,
    metrics,
  });
  expect(queue.sent).toHaveLength(2);
  expect(lines).toMatchObject([{ ...told, item: `domain#${DOMAIN}` }]);
  expect(outcomes).toEqual(['unreadable-item']);
});

describe('a dead letter that is moved back for it goes back to its queue, and is no crash', () => {
  test('of a domain', async () => {
    const { outcomes, log, metrics } = watched();
    const { services } = await spoiltDomain();
    const answer = await syncDomain(message(DOMAIN, 1), context, { ...services, log, metrics });
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(outcomes).toEqual(['unreadable-item']);
  });

  test('of a certificate', async () => {
    const { outcomes, log, metrics } = watched();
    const { services } = await spoiltCertificate();
    const answer = await secureDomains(message(DOMAIN, 1), context, { ...services, log, metrics });
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(outcomes).toEqual(['unreadable-item']);
  });
});
