import { expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../../functions/domain-removed.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { answer, apiWorld, signedCall } from '../../support/api/api-world.ts';

const routes = {
  'domain-added': { receive: receiveAdded, type: 'domain.added' },
  'domain-removed': { receive: receiveRemoved, type: 'domain.removed' },
} as const;

function bodyOf(type: string) {
  const timestamp = '2026-11-21T05:00:00.123Z';
  return JSON.stringify({ type, timestamp, data: { domain: 'shop.acme-bikes.com' } });
}

type Step = 'read' | 'write' | 'create';

function lateWorld(step: Step) {
  let goOn: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const stored = memoryLedger();
  const ledger = {
    ...stored,
    [step]: async (...[key, item, writes]: Parameters<typeof stored.write>) => {
      await late;
      if (step === 'read' || item === undefined) return stored.read(key);
      return step === 'write' ? stored.write(key, item, writes) : stored.create(key, item);
    },
  };
  const world = apiWorld({ ledger });
  const goesOn = async () => {
    goOn();
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  };
  return { ...world, stored, goesOn };
}

test.each([
  ['domain-removed', 'read'],
  ['domain-removed', 'write'],
  ['domain-added', 'create'],
] as const)(
  'a call of %s that was answered before its %s came back takes no further step',
  async (route, step) => {
    const { services, stored, queue, goesOn } = lateWorld(step);
    const { receive, type } = routes[route];
    const reply = await answer(receive, signedCall(route, { body: bodyOf(type) }), services, 510);
    expect(reply.statusCode).toBe(503);
    await goesOn();
    expect(stored.all('domain')).toHaveLength(step === 'read' ? 0 : 1);
    expect(queue.sent).toEqual([]);
  },
);
