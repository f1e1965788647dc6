import { describe, expect, test } from '@jest/globals';
import type { Points } from '../../../../../lib/sync/ledger/domains/www.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { Access } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { goalOf } from '../../../../../lib/sync/reconcile/plan/goal.ts';
import { memoryCertificates } from '../../../../doubles/certificates.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  settledItem,
} from '../../../../support/sync/items.ts';
import { workerInMemory } from '../../../../support/sync/worker-in-memory.ts';

interface Terms {
  readonly points?: Points;
  readonly access?: Partial<Access>;
  /** What RunCloud says of its server. */
  readonly address?: string | undefined;
}

/** The goal of a pass over this domain, and the names that DNS was asked for. */
async function goalIn(item: DomainItem, { points = 'here', access = {}, ...runcloud }: Terms = {}) {
  const asked: { name: string; serverAddresses: readonly string[] }[] = [];
  const certificates = { serverAddress: async () => runcloud.address };
  const { services } = workerInMemory(access, {
    protectedDomains: [],
    hosting: () => {
      throw new Error('No domain of RunCloud is asked for');
    },
    certificates: () => memoryCertificates(),
  });
  const secret = await services.networks.access(NETWORK, { fresh: false });
  if (secret === undefined) throw new Error('There is no secret');
  const goal = await goalOf(
    item,
    { access: secret, stored: networkItem(), certificates },
    {
      ...services,
      askWww: async (name, { serverAddresses }) => {
        asked.push({ name, serverAddresses });
        return points;
      },
    },
  );
  return { goal, asked };
}

describe('a name that is to be parked', () => {
  const parking = { reason: 'dns-mismatch', at: NOW } as const;
  const toPark = settledItem({ parking, addedId: 5 });

  test.each<[Points, 'parked' | 'present']>([
    ['none', 'parked'],
    ['elsewhere', 'parked'],
    ['here', 'present'],
    ['proxied', 'present'],
    ['unanswered', 'present'],
  ])('and points %s by now is wanted %s', async (points, wanted) => {
    const { goal, asked } = await goalIn(toPark, { points });
    expect(goal.wanted).toBe(wanted);
    expect(asked.map(({ name }) => name)).toEqual([DOMAIN]);
  });

  test('is not asked for where it is parked already, nor where no certificate can cover it', async () => {
    for (const item of [
      { ...toPark, state: 'parked' as const },
      { ...toPark, parking: { ...parking, reason: 'name-unsupported' as const } },
    ]) {
      const { goal, asked } = await goalIn(item);
      expect([goal.wanted, asked]).toEqual(['parked', []]);
    }
  });

  test('and was removed meanwhile is wanted absent', async () => {
    const { goal, asked } = await goalIn({ ...toPark, wanted: 'absent' }, { points: 'elsewhere' });
    expect([goal.wanted, asked]).toEqual(['absent', []]);
  });

  test('is parked by the row of this application alone', async () => {
    expect((await goalIn(toPark)).goal.parkable).toEqual({ ownId: 5, reason: 'dns-mismatch' });
    const moved = { ...toPark, runcloudId: { id: 5, ...OTHER_APP } };
    expect((await goalIn(moved)).goal).toMatchObject({ knownId: null, parkable: { ownId: null } });
    expect((await goalIn(settledItem())).goal.parkable).toBeNull();
  });
});

describe('www.', () => {
  const wanted = domainItem({ www: true });

  test('is judged by the server’s address and those of the secret', async () => {
    const access = { serverAddresses: ['198.51.100.7'] };
    const { goal, asked } = await goalIn(wanted, { access, address: '203.0.113.10' });
    expect(goal.www).toBe(true);
    expect(asked).toEqual([{ name: `www.${DOMAIN}`, serverAddresses: ['203.0.113.10', '198.51.100.7'] }]);
  });

  test('is judged by no address where none is known', async () => {
    expect((await goalIn(wanted)).asked).toEqual([{ name: `www.${DOMAIN}`, serverAddresses: [] }]);
  });

  test('is not served while it is withheld, whatever DNS says', async () => {
    const withheld = { ...wanted, wwwServed: true, wwwWithheld: { at: NOW - MINUTE, over: false } };
    const { goal, asked } = await goalIn(withheld);
    expect([goal.www, asked]).toEqual([false, []]);
    const over = { ...withheld, wwwWithheld: { at: NOW - MINUTE, over: true } };
    expect((await goalIn(over)).goal.www).toBe(true);
  });

  test('of a name to be removed is not asked for', async () => {
    const { goal, asked } = await goalIn({ ...wanted, wanted: 'absent' }, { points: 'none' });
    expect([goal.www, asked]).toEqual([true, []]);
  });
});

describe('a pass writes unread', () => {
  test('only before any answer about the domain in this application', async () => {
    expect((await goalIn(domainItem())).goal.blind).toBe(true);
    expect((await goalIn(domainItem({ answered: true }))).goal.blind).toBe(false);
    const elsewhere = { answered: true, runcloudId: { id: 5, ...OTHER_APP } };
    expect((await goalIn(domainItem(elsewhere))).goal).toMatchObject({ blind: true, knownId: null });
    const here = { answered: true, runcloudId: { id: 5, ...APP } };
    expect((await goalIn(domainItem(here))).goal).toMatchObject({ blind: false, knownId: 5 });
  });

  test('not after a write without an answer, also once that can no longer land', async () => {
    for (const ambiguousUntil of [NOW - MINUTE, NOW + MINUTE]) {
      const { goal } = await goalIn(domainItem({ ambiguousUntil }));
      expect(goal).toMatchObject({ blind: false, ambiguous: true });
    }
  });
});
