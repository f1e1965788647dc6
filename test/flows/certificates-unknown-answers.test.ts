import { afterEach, describe, expect, test } from '@jest/globals';
import type { Switches } from '../../local/runcloud/switches.ts';
import { closeWorlds, type SecureWorld, secureWorld } from '../support/secure-world.ts';
import { isLeftToOperators, type SslCase, sslCases, usualWrites } from '../support/ssl-cases.ts';

const domain = 'shop.acme-bikes.com';

/** A domain that RunCloud serves already, that points at the server and shows this, is added by the multisite. */
const arrival = async ({ mode, had }: SslCase, switches: Partial<Switches>): Promise<SecureWorld> => {
  const world = await secureWorld({ ssl: mode, switches });
  world.addInPanel(domain, had);
  await world.add(domain);
  return world;
};

const answers: readonly { how: string; switches: Partial<Switches> }[] = [
  { how: 'answers as most sources say', switches: {} },
  { how: 'says that none is installed with a success', switches: { sslMissing: 200 } },
  { how: 'replaces what is installed without a word', switches: { sslExists: 'replace' } },
  { how: 'answers an order for a domain with nothing', switches: { domainSslAnswer: 'empty' } },
  { how: 'writes its flags as numbers', switches: { sslFlags: 'numbers' } },
  { how: 'spells the mode otherwise', switches: { sslModeKeys: 'advancedSsl' } },
  {
    how: 'would take a domain’s order as a switch to advanced SSL',
    switches: { domainSslInBasicMode: 'switch-to-advanced' },
  },
  { how: 'leaves out names that do not resolve', switches: { unresolvedName: 'is-left-out' } },
  { how: 'has the certificate at once', switches: { sslIssue: 'immediate' } },
  { how: 'holds the order’s connection until it is there', switches: { sslIssue: 'blocking' } },
];

afterEach(closeWorlds);

describe.each(answers)('where RunCloud $how', ({ switches }) => {
  test.each(sslCases)('in $mode mode, shown before: $had', async (one) => {
    const world = await arrival(one, switches);
    if (isLeftToOperators(one)) await world.stands(domain, { state: 'failed', reason: 'order-failed' });
    else await world.stands(domain, { state: 'valid', reason: null, lastError: null });
    expect(world.writes()).toEqual(usualWrites(one));
    expect(world.runcloud.app(world.appId).mode.advancedSSL).toBe(one.mode !== 'basic');
  });
});
