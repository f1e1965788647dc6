import { afterEach, describe, expect, test } from '@jest/globals';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import { closeWorlds, type SecureWorld, secureWorld } from '../../../support/certificates/secure-world.ts';
import {
  isLeftToOperators,
  type SslCase,
  sslCases,
  usualWrites,
} from '../../../support/runcloud/ssl-cases.ts';

const domain = 'shop.acme-bikes.com';
/** Serves no visitor: its owner has let it go, and it is still attached. */
const lapsed = 'old.acme-bikes.com';

interface Answer {
  readonly how: string;
  readonly switches: Partial<Switches>;
  /** Attached to the web application beside the domain. */
  readonly beside?: string;
  /** Where it is not the usual: what RunCloud is asked for. */
  readonly writes?: (one: SslCase) => string[];
  /** Why no certificate follows, if none can be issued. */
  readonly fails?: (one: SslCase) => boolean;
}

function isWrongName({ mode, had }: SslCase): boolean {
  return mode !== 'autossl' && had === 'wrong-name';
}
function placeOf({ mode }: SslCase): string {
  return mode === 'basic' ? '/ssl' : '/domains/:id/ssl';
}

const answers: readonly Answer[] = [
  { how: 'answers as most sources say', switches: {} },
  { how: 'says that none is installed with a success', switches: { sslMissing: 200 } },
  { how: 'replaces what is installed without a word', switches: { sslExists: 'replace' } },
  { how: 'answers an order for a domain with nothing', switches: { domainSslAnswer: 'empty' } },
  { how: 'writes its flags as numbers', switches: { sslFlags: 'numbers' } },
  { how: 'spells the mode otherwise', switches: { sslModeKeys: 'advancedSsl' } },
  {
    how: 'does not tell AutoSSL from advanced',
    switches: { sslModeKeys: 'enabled' },
    writes: (one) => usualWrites(one.mode === 'autossl' ? { ...one, mode: 'advanced' } : one),
    fails: () => false,
  },
  {
    how: 'would take a domain’s order as a switch to advanced SSL',
    switches: { domainSslInBasicMode: 'switch-to-advanced' },
  },
  {
    how: 'keeps the old names in a redeploy, and replaces them when asked to install',
    switches: { redeployCovers: 'old-names', sslExists: 'replace' },
    writes: (one) => [...usualWrites(one), ...(isWrongName(one) ? [`POST ${placeOf(one)}`] : [])],
  },
  {
    how: 'keeps the old names in a redeploy, and refuses to install others',
    switches: { redeployCovers: 'old-names' },
    // By turns, as far as the limits allow.
    writes: (one) => {
      const usual = usualWrites(one);
      return isWrongName(one) ? [...usual, `POST ${placeOf(one)}`, ...usual, `POST ${placeOf(one)}`] : usual;
    },
    fails: (one) => isLeftToOperators(one) || isWrongName(one),
  },
  {
    how: 'leaves out names that do not resolve',
    switches: { unresolvedName: 'is-left-out' },
    beside: lapsed,
  },
  { how: 'counts nothing in its lists', switches: { listMeta: 'none' } },
  { how: 'has the certificate at once', switches: { sslIssue: 'immediate' } },
  { how: 'holds the order’s connection until it is there', switches: { sslIssue: 'blocking' } },
];

/** A domain that RunCloud serves already, that points at the server and shows this, is added by the multisite. */
async function arrival({ mode, had }: SslCase, { switches, beside }: Answer): Promise<SecureWorld> {
  const world = await secureWorld({ ssl: mode, switches });
  if (beside !== undefined) world.runcloud.addInPanel(world.appId, { name: beside });
  world.addInPanel(domain, had);
  await world.add(domain);
  return world;
}

afterEach(closeWorlds);

describe.each(answers)('where RunCloud $how', (answer) => {
  const { writes = usualWrites, fails = isLeftToOperators } = answer;

  test.each(sslCases)('in $mode mode, shown before: $had', async (one) => {
    const world = await arrival(one, answer);
    if (fails(one)) await world.stands(domain, { state: 'failed', reason: 'order-failed' });
    else await world.stands(domain, { state: 'valid', reason: null, lastError: null });
    expect(world.writes()).toEqual(writes(one));
    expect(world.runcloud.app(world.appId).mode.advancedSSL).toBe(one.mode !== 'basic');
    if (answer.beside !== undefined && one.mode === 'basic' && one.had !== 'valid') {
      expect(world.orders()).toMatchObject([{ names: expect.arrayContaining([lapsed]), outcome: 'issued' }]);
      expect(world.runcloud.app(world.appId).ssl?.names).not.toContain(lapsed);
    }
  });
});
