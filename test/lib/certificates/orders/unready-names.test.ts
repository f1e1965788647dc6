import { describe, expect, test } from '@jest/globals';
import { unreadyNames } from '../../../../lib/certificates/orders/unready-names.ts';
import type { CertificateServices } from '../../../../lib/certificates/services.ts';
import { openCertificateSession } from '../../../../lib/certificates/session.ts';
import type { DnsFinding } from '../../../../lib/dns/gate.ts';
import { certificateWorld, elsewhere, SERVER } from '../../../support/certificates/certificate-world.ts';
import { DAY, HOUR, MINUTE, NETWORK } from '../../../support/sync/items.ts';

const serverContext = { serverAddress: SERVER, serverAddresses: [SERVER], dnsTarget: 'edge.example' };
const forbidden: DnsFinding = {
  kind: 'not-here',
  reason: 'dns-caa',
  fix: 'Let letsencrypt.org in',
  addresses: [SERVER],
};
const unanswered: DnsFinding = { ...forbidden, reason: 'dns-unanswered', fix: 'Mend the name servers' };

type World = ReturnType<typeof certificateWorld>;

async function ask(
  world: World,
  names: readonly string[],
  { first = false, others = {} }: { first?: boolean; others?: Partial<CertificateServices> } = {},
) {
  const session = await openCertificateSession(
    NETWORK,
    await world.network(),
    world.clock.now() + HOUR,
    world.services,
  );
  return unreadyNames(names, first, { session, serverContext }, { ...world.services, ...others });
}

describe('the names of an order', () => {
  test('are asked for where they should point; a wildcard has no address to ask for', async () => {
    const world = certificateWorld();
    const asked: unknown[] = [];
    const dnsGate: CertificateServices['dnsGate'] = async (name, question) => {
      asked.push({ name, ...question });
      return { kind: 'here', addresses: [SERVER] };
    };
    expect(await ask(world, ['*.a.example', 'a.example'], { others: { dnsGate } })).toEqual([]);
    const { serverAddresses, dnsTarget } = serverContext;
    const question = { serverAddresses, dnsTarget, dnsReady: false, timeoutMs: 5_000 };
    expect(asked).toEqual([{ name: 'a.example', ...question }]);
  });

  test('without an answer are listed after those that lead elsewhere or are forbidden', async () => {
    const world = certificateWorld();
    world.dns.set('a.example', unanswered);
    world.dns.set('b.example', elsewhere('b.example'));
    world.dns.set('d.example', forbidden);
    const names = ['a.example', 'b.example', 'c.example', 'd.example'];
    expect(await ask(world, names)).toEqual([
      {
        name: 'b.example',
        reason: 'dns-mismatch',
        fix: `Point an A record for b.example at ${SERVER}`,
        leadsHere: false,
      },
      { name: 'd.example', reason: 'dns-caa', fix: 'Let letsencrypt.org in', leadsHere: true },
      { name: 'a.example', reason: 'dns-unanswered', fix: 'Mend the name servers', leadsHere: true },
    ]);
  });
});

describe('the multisite’s proof that DNS is ready', () => {
  const worldWithUpdate = async (reason: 'dns_ready' | 'manual') => {
    const world = certificateWorld();
    for (const name of ['a.example', 'b.example', 'c.example']) {
      await world.arrive(name);
      await world.retry(reason, name);
    }
    world.dns.set('a.example', elsewhere('a.example'));
    world.dns.set('b.example', forbidden);
    world.dns.set('c.example', unanswered);
    return world;
  };
  const names = ['a.example', 'b.example', 'c.example', 'd.example'];
  const toldReady = (world: World) =>
    world.gateQuestions.filter(({ dnsReady }) => dnsReady).map(({ name }) => name);

  test('counts for a name that seems to lead elsewhere, not for one that CAA forbids or without an answer', async () => {
    const world = await worldWithUpdate('dns_ready');
    world.dns.set('d.example', elsewhere('d.example'));
    await ask(world, names);
    expect(toldReady(world)).toEqual(['a.example']);
  });

  test('is not what another ssl_retry says', async () => {
    const world = await worldWithUpdate('manual');
    await ask(world, names);
    expect(toldReady(world)).toEqual([]);
  });

  test('is forgotten after thirty days: a name that has left must not spoil the orders of all', async () => {
    const world = await worldWithUpdate('dns_ready');
    await world.time.advance(30 * DAY - MINUTE);
    await ask(world, names);
    expect(toldReady(world)).toEqual(['a.example']);
    await world.time.advance(MINUTE);
    await ask(world, names);
    expect(toldReady(world)).toEqual(['a.example']);
  });

  test('lets the second answer count', async () => {
    const world = await worldWithUpdate('dns_ready');
    const dnsGate: CertificateServices['dnsGate'] = async (name, { dnsReady }) =>
      dnsReady ? { kind: 'here', addresses: [SERVER] } : elsewhere(name);
    expect(await ask(world, ['a.example'], { others: { dnsGate } })).toEqual([]);
  });
});

describe('a www. that leads elsewhere', () => {
  const dueOf = async (finding: DnsFinding | undefined, first: boolean, name = 'www.shop.example') => {
    const world = certificateWorld();
    await world.arrive('shop.example', { wwwServed: true });
    if (finding !== undefined) world.dns.set(name, finding);
    await ask(world, [name], { first });
    return (await world.domain('shop.example'))?.dueAt;
  };

  test('is noted as its domain’s work when requests are ready for the first time, and then no more', async () => {
    expect(await dueOf(elsewhere('www.shop.example'), true)).not.toBeNull();
    expect(await dueOf(elsewhere('www.shop.example'), false)).toBeNull();
  });

  test.each([
    ['points here', undefined],
    ['is forbidden by CAA', forbidden],
    ['is not answered for', unanswered],
  ])('is not what %s', async (_title, finding) => {
    expect(await dueOf(finding, true)).toBeNull();
  });

  test('is not a name without www.', async () => {
    expect(await dueOf(elsewhere('xyz.shop.example'), true, 'xyz.shop.example')).toBeNull();
  });
});
