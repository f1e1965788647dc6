import { expect, test } from '@jest/globals';
import { receive } from '../../../functions/domain-added.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { answer, apiWorld, signedCall } from '../../support/api-world.ts';

const body = JSON.stringify({
  type: 'domain.added',
  timestamp: '2026-11-21T05:00:00.123Z',
  data: { domain: 'shop.acme-bikes.com' },
});

function lateWorld(step: 'read' | 'write') {
  let goOn: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const stored = memoryLedger();
  const ledger = {
    ...stored,
    [step]: async (...asked: Parameters<typeof stored.write>) => {
      await late;
      return step === 'read' ? stored.read(asked[0]) : stored.write(...asked);
    },
  };
  const world = apiWorld({ ledger });
  const goesOn = async () => {
    goOn();
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  };
  return { ...world, stored, goesOn };
}

test.each(['read', 'write'] as const)(
  'a call that was answered before its %s came back takes no further step',
  async (step) => {
    const { services, stored, queue, goesOn } = lateWorld(step);
    const reply = await answer(receive, signedCall('domain-added', { body }), services, 510);
    expect(reply.statusCode).toBe(503);
    await goesOn();
    expect(stored.all('domain')).toHaveLength(step === 'read' ? 0 : 1);
    expect(queue.sent).toEqual([]);
  },
);
