import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { domainItem, MINUTE, NETWORK, owedDeadLetter, SECOND } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

/** A ledger that is away between two moments. */
function awayUntil(ledger: Ledger, away: () => boolean): Ledger {
  const reached = <T>(call: () => Promise<T>): Promise<T> =>
    away() ? Promise.reject(new Unavailable('ledger')) : call();
  return {
    ...ledger,
    read: (key) => reached(() => ledger.read(key)),
    write: (key, item, writes) => reached(() => ledger.write(key, item, writes)),
  };
}

describe('a ledger that is away when a pass ends', () => {
  test('costs a domain neither its result nor a crash', async () => {
    let until = 0;
    const world: ReturnType<typeof reconcileWorld> = reconcileWorld({
      onDone: async () => {
        until = world.services.clock.now() + MINUTE;
      },
    });
    await world.putDomain(domainItem());
    const ledger = awayUntil(world.ledger, () => world.services.clock.now() < until);
    await world.passWith({ ...world.services, ledger });
    await world.time.advance(10 * MINUTE);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', crashes: 0, owner: null });
  });

  test('costs no certificate a crash', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    let until = 0;
    const prove: typeof world.services.prove = async (terms) => {
      until = world.clock.now() + MINUTE;
      return world.services.prove(terms);
    };
    const ledger = awayUntil(world.ledger, () => world.clock.now() < until);
    await world.pass({}, { others: { ledger, prove } });
    expect(await world.request()).toMatchObject({ owner: null, crashes: 0 });
    await world.time.advance(10 * MINUTE);
    await world.pass();
    expect(world.orders).toHaveLength(1);
  });
});

test.each([
  ['out of reach', new Unavailable('secrets')],
  ['unreadable', new UnreadableItem({ network: NETWORK, item: 'network' }, ['revision'])],
])('what earlier passes owe is sent though an item that this one needs is %s', async (_title, failure) => {
  const world = reconcileWorld({
    services: { networks: { access: () => Promise.reject(failure) } },
  });
  await world.putDomain(domainItem({ toSend: [owedDeadLetter] }));
  await world.pass();
  expect(world.queue.deadLetters).toMatchObject([{ id: owedDeadLetter.id }]);
  expect(await world.domain()).toMatchObject({ toSend: [], owner: null, crashes: 0 });
});
