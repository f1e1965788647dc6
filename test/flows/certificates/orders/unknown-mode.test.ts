import { afterEach, describe, expect, test } from '@jest/globals';
import type { ScriptedAnswer } from '../../../../local/runcloud/http/faults.ts';
import { closeWorlds, dayMs, secureWorld } from '../../../support/certificates/secure-world.ts';
import {
  isLeftToOperators,
  type SslCase,
  sslCases,
  usualWrites,
} from '../../../support/runcloud/ssl-cases.ts';

const domain = 'shop.acme-bikes.com';

const answers: readonly { readonly how: string; readonly answer: ScriptedAnswer }[] = [
  { how: 'has no such call', answer: { status: 404 } },
  { how: 'does not allow it', answer: { status: 403, body: { message: 'No.' } } },
  { how: 'uses words of its own', answer: { status: 200, body: { ssl: 'yes' } } },
  { how: 'says nothing', answer: { status: 200, body: {} } },
];

afterEach(closeWorlds);

/** A domain that shows this arrives while RunCloud does not state the SSL mode. */
async function arrival({ mode, had }: SslCase, answer: ScriptedAnswer) {
  const world = await secureWorld({ ssl: mode });
  world.addInPanel(domain, had);
  world.runcloud.arm({ path: /\/ssl\/advanced$/, times: Number.POSITIVE_INFINITY, answer });
  await world.add(domain);
  return world;
}

describe.each(answers)('where RunCloud $how to state the SSL mode', ({ answer }) => {
  test.each(sslCases.filter(({ had }) => had === 'valid'))(
    'in $mode mode a certificate that is shown is enough',
    async (one) => {
      const world = await arrival(one, answer);
      await world.stands(domain, { state: 'valid', reason: null, lastError: null });
      expect(world.writes()).toEqual([]);
      expect(world.deadLetters()).toEqual([]);
    },
  );

  test.each(sslCases.filter(({ mode, had }) => mode !== 'autossl' && had !== 'valid'))(
    'in $mode mode, shown before: $had, nothing is ordered until it does',
    async (one) => {
      const world = await arrival(one, answer);
      const { lastError } = await world.stands(domain, { state: 'failed', reason: 'order-failed' });
      expect(lastError).toMatchObject({
        code: 'runcloud-refused',
        message: expect.stringContaining('SSL mode'),
      });
      expect(world.writes()).toEqual([]);
      expect(world.deadLetters()).toHaveLength(1);
      world.runcloud.disarm();
      await world.stands(domain, { state: 'valid' }, { withinMs: 2 * dayMs });
      expect(world.writes()).toEqual(usualWrites(one));
    },
  );

  test.each(sslCases.filter(({ mode, had }) => mode === 'autossl' && had !== 'valid'))(
    'in $mode mode, shown before: $had, RunCloud alone orders, or there is no order',
    async (one) => {
      const world = await arrival(one, answer);
      if (isLeftToOperators(one)) await world.stands(domain, { state: 'failed', reason: 'order-failed' });
      else await world.stands(domain, { state: 'valid' }, { withinMs: 2 * dayMs });
      expect(world.writes()).toEqual([]);
    },
  );
});
