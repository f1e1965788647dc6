import { expect, test } from '@jest/globals';
import type { SweepServices } from '../../functions/services/sweep.ts';
import { receive } from '../../functions/sweep.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { createLog } from '../../lib/observability/log.ts';
import { domainKey } from '../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { manualClock } from '../doubles/manual-clock.ts';
import { memoryQueue } from '../doubles/queue.ts';
import { noMail } from '../support/aws/no-mail.ts';
import { nobodysQueue } from '../support/aws/unread-queue.ts';
import { recordedMetrics } from '../support/recorded-metrics.ts';
import { DOMAIN, delays, domainItem, MINUTE, NETWORK, NOW } from '../support/sync/items.ts';

const context = { functionName: 'sweep', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 50_000 };

async function sweepWorld(part: Partial<SweepServices> = {}) {
  const clock = manualClock(NOW);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  await ledger.write(domainKey(NETWORK, DOMAIN), domainItem(), 0);
  const lines: { level: string; message: string; count?: number }[] = [];
  const { counted, metrics } = recordedMetrics();
  const services: SweepServices = {
    ledger,
    queue,
    certificateQueue: nobodysQueue,
    outcomeQueue: nobodysQueue,
    mailer: noMail.mailer,
    clock,
    delays,
    certificateDelays: certificateDelays(MINUTE),
    newOwner: () => 'sweep-1',
    log: createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(JSON.parse(line)) }),
    metrics,
    ...part,
  };
  return { services, queue, lines, counted };
}

test('sends what is due and says how much', async () => {
  const { services, queue, lines, counted } = await sweepWorld();
  await receive(context, services);
  expect(queue.sent).toEqual([{ message: { network: NETWORK, domain: DOMAIN }, delaySeconds: 0 }]);
  expect(lines).toMatchObject([
    { level: 'INFO', message: 'messages sent', count: 1, function_name: 'sweep', function_request_id: 'r-1' },
  ]);
  expect(counted).toEqual([]);
});

test('says nothing when there was nothing to do', async () => {
  const { services, lines } = await sweepWorld({ ledger: memoryLedger() });
  await receive(context, services);
  expect(lines).toEqual([]);
});

test('warns of messages the queue refused, and counts it', async () => {
  const { services, lines, counted } = await sweepWorld({
    queue: { send: async (messages) => [...messages] },
  });
  await receive(context, services);
  expect(lines).toMatchObject([{ level: 'WARN', count: 1 }]);
  expect(counted).toEqual([{ outcome: 'messages-refused' }]);
});
