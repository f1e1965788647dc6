import { describe, expect, test } from '@jest/globals';
import { askCaa } from '../../../lib/dns/caa.ts';
import { withResolver } from '../../../lib/dns/resolver.ts';
import { startDnsServer } from '../../../local/world/dns/server.ts';
import type { CaaProperty, DnsZone } from '../../../local/world/dns/zone.ts';
import { caaCases } from '../../support/certificates/caa-cases.ts';

const name = 'shop.acme-bikes.com';

async function asking(zone: DnsZone) {
  const asked: string[] = [];
  const server = await startDnsServer({
    zone,
    onQuestion: ({ type, name: of }) => {
      if (type === 'CAA') asked.push(of);
    },
  });
  try {
    const verdict = await withResolver([server.address], 5_000, (questions) => askCaa(questions, name));
    return { verdict, asked };
  } finally {
    await server.close();
  }
}

async function ofSet(...CAA: CaaProperty[]) {
  return (await asking({ [name]: { CAA } })).verdict;
}

function issue(value: string): CaaProperty {
  return { tag: 'issue', value };
}
const allowed = { kind: 'allowed' };

test.each(caaCases)('a set that $name: allowed is $allowed', async ({ set, allowed: isAllowed }) => {
  // An empty value is a question without an answer to Node's resolver.
  expect((await ofSet(...set)).kind === 'allowed').toBe(isAllowed);
});

describe('a set', () => {
  test.each([
    ['validationmethods', 'letsencrypt.org; validationmethods=dns-01'],
    ['validationmethods', 'letsencrypt.org;ValidationMethods = dns-01,tls-alpn-01'],
    ['validationmethods', 'letsencrypt.org; validationmethods='],
    ['validationmethods', 'letsencrypt.org; accounturi=https://acme.example/1; validationmethods=dns-01'],
    ['accounturi', 'letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1'],
    ['accounturi', 'letsencrypt.org; validationmethods=http-01; accounturi=https://acme.example/1'],
  ])(
    'that binds Let’s Encrypt by %s to what no order of ours can meet keeps it out: %s',
    async (parameter, value) => {
      expect(await ofSet(issue(value))).toMatchObject({
        kind: 'refused',
        issuers: ['letsencrypt.org'],
        parameter,
      });
      expect(await ofSet(issue(value), issue('letsencrypt.org'))).toEqual(allowed);
    },
  );

  test('that binds another issuer says nothing of Let’s Encrypt', async () => {
    expect(await ofSet(issue('pki.goog; validationmethods=dns-01'), issue('letsencrypt.org'))).toEqual(
      allowed,
    );
    expect(await ofSet(issue('pki.goog; validationmethods=dns-01'))).toMatchObject({ parameter: null });
  });

  test('that names others only keeps it out, and says which CA it lets in', async () => {
    expect(await ofSet(issue('digicert.com; account=1'), issue('pki.goog'))).toEqual({
      kind: 'refused',
      zone: name,
      alias: null,
      issuers: ['digicert.com', 'pki.goog'],
      critical: [],
      malformed: false,
      parameter: null,
    });
    expect(await ofSet(issue('letsencrypt.org.evil.example'))).toMatchObject({ kind: 'refused' });
    expect(await ofSet(issue('evil.example; letsencrypt.org'))).toMatchObject({ kind: 'refused' });
  });

  test('that names no CA says so', async () => {
    expect(await ofSet(issue(';'))).toMatchObject({ issuers: [], malformed: false });
    expect(await ofSet(issue('; account=1'))).toMatchObject({ issuers: [], malformed: false });
  });

  test('whose value for Let’s Encrypt is malformed says so', async () => {
    expect(await ofSet(issue('letsencrypt.org; a'))).toMatchObject({ issuers: [], malformed: true });
    expect(await ofSet(issue('ca.example.net; a'), issue('pki.goog'))).toMatchObject({
      issuers: ['pki.goog'],
      malformed: false,
    });
  });

  test('says which unknown property is critical', async () =>
    expect(await ofSet(issue('letsencrypt.org'), { flags: 128, tag: 'policy', value: 'x' })).toMatchObject({
      critical: ['policy'],
    }));

  test.each(['critical', 'type', 'constructor'])(
    'hides no critical property behind the tag %s',
    async (tag) => {
      expect(await ofSet(issue('letsencrypt.org'), { flags: 128, tag, value: '0' })).toMatchObject({
        kind: 'refused',
      });
    },
  );

  test('shows no issuer that is not a host name', async () =>
    expect(await ofSet(issue('<b>x</b>'), issue('x'.repeat(200)), issue('digicert.com'))).toMatchObject({
      kind: 'refused',
      issuers: ['digicert.com'],
    }));
});

describe('the climb', () => {
  test('takes the set nearest to the name, and asks no further', async () => {
    const { verdict, asked } = await asking({
      [name]: {},
      'acme-bikes.com': { CAA: [issue('letsencrypt.org')] },
      com: { CAA: [issue(';')] },
    });
    expect(verdict).toEqual(allowed);
    expect(asked).toEqual([name, 'acme-bikes.com']);
  });

  test('goes up to the last label, and says where the set is', async () => {
    const { verdict, asked } = await asking({ com: { CAA: [issue('digicert.com')] } });
    expect(verdict).toMatchObject({ kind: 'refused', zone: 'com' });
    expect(asked).toEqual([name, 'acme-bikes.com', 'com']);
  });

  test('without any set finds nothing against it', async () =>
    expect((await asking({})).verdict).toEqual(allowed));

  test('ends at a question without an answer: the CA would refuse too', async () => {
    const { verdict } = await asking({
      'acme-bikes.com': { CAA: [issue('letsencrypt.org')], faults: { CAA: 'servfail' } },
    });
    expect(verdict).toEqual({ kind: 'unanswered', zone: 'acme-bikes.com' });
  });

  test('follows an alias, and goes on above the name itself', async () => {
    const zone = {
      [name]: { CNAME: 'edge.example.net' },
      'edge.example.net': {},
      'example.net': { CAA: [issue(';')] },
      'acme-bikes.com': { CAA: [issue('letsencrypt.org')] },
    };
    expect((await asking(zone)).verdict).toEqual(allowed);
    const kept = { ...zone, 'edge.example.net': { CAA: [issue('digicert.com')] } };
    expect((await asking(kept)).verdict).toMatchObject({
      kind: 'refused',
      zone: name,
      alias: 'edge.example.net',
    });
  });

  test('reads a set too long for UDP', async () => {
    const CAA = [...Array.from({ length: 80 }, (_, n) => issue(`ca${n}.example`)), issue('letsencrypt.org')];
    expect((await asking({ [name]: { CAA } })).verdict).toEqual(allowed);
  });
});
