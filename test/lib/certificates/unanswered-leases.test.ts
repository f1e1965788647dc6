import { expect, test } from '@jest/globals';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { answerLost } from '../../support/sync/answer-lost.ts';
import { MINUTE } from '../../support/sync/items.ts';

test.each(['certificate', 'certificateWork'] as const)(
  'a lease on the %s that was written, and whose answer never came, is given back: no crash is counted',
  async (kind) => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(MINUTE);
    await world.pass({}, { others: { ledger: answerLost(world.ledger, kind) } });
    expect(await world.request()).toMatchObject({ owner: null, leaseUntil: null, crashes: 0 });
    expect(await world.work()).toMatchObject({ owner: null, leaseUntil: null });
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ crashes: 0 });
  },
);
