import { expect, test } from '@jest/globals';
import { identityKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { guardedLedger } from '../../../lib/sync/network/restored/guarded-ledger.ts';
import { resumeRestored } from '../../../lib/sync/network/restored/restored-ledger.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { HOUR, NETWORK } from '../../support/sync/items.ts';

test('a certificate that is due in a restored ledger is not ordered, and waits', async () => {
  const world = certificateWorld();
  await world.arrive();
  await world.ledger.write(identityKey, { tableId: 'table-1' }, 0);
  const ledger = guardedLedger(world.ledger, {
    clock: world.clock,
    describeTable: async () => ({ id: 'table-2', restored: true }),
    reportPaused: () => undefined,
  });
  for (let times = 0; times < 4; times += 1) {
    await world.pass({}, { others: { ledger } });
    await world.time.advance(3 * HOUR);
  }
  expect(world.orders).toEqual([]);
  expect(world.calls).toEqual([]);
  expect((await world.ledger.read(networkKey(NETWORK)))?.item.pause?.code).toBe('ledger-restored');
  expect(await world.request()).toMatchObject({ lastError: { code: 'ledger-restored' } });

  await updateItem(world.ledger, networkKey(NETWORK), resumeRestored(NETWORK, 'table-2', world.clock.now()));
  await world.time.advance(HOUR);
  await world.pass({}, { others: { ledger } });
  expect(world.orders).toHaveLength(1);
});
