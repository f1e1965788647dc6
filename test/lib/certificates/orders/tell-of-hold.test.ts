import { expect, test } from '@jest/globals';
import type { UnreadyName } from '../../../../lib/certificates/orders/decide.ts';
import { tellOfHold } from '../../../../lib/certificates/orders/tell-of-hold.ts';
import { noticesKey } from '../../../../lib/sync/ledger/keys.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { NETWORK } from '../../../support/sync/items.ts';

const silent: UnreadyName = {
  name: 'silent.example',
  reason: 'dns-unanswered',
  fix: 'Ask the name servers',
  leadsHere: false,
};
const away: UnreadyName = {
  name: 'away.example',
  reason: 'dns-mismatch',
  fix: 'Set an A record',
  leadsHere: false,
};

async function waiting(kept: readonly UnreadyName[]) {
  const { services, ledger } = certificateWorld();
  await tellOfHold(kept, NETWORK, services);
  return ledger.peek(noticesKey(NETWORK))?.waiting ?? [];
}

test('a name that holds the order of others is noticed, with what its owner can do', async () => {
  expect(await waiting([silent, away])).toMatchObject([
    {
      code: 'held-by-name',
      domain: 'away.example',
      message: expect.stringContaining('away.example'),
      fix: 'Set an A record; or remove it from the web application',
      command: 'status away.example',
    },
  ]);
});

test('name servers that give no answer now are not', async () => {
  expect(await waiting([silent])).toEqual([]);
  expect(await waiting([])).toEqual([]);
});
