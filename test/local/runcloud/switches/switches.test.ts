import { describe, expect, test } from '@jest/globals';
import { runcloudHosting } from '../../../../lib/runcloud/domains.ts';
import { installSsl } from '../../../../lib/runcloud/ssl.ts';
import { type Switches, usualSwitches } from '../../../../local/runcloud/state/switches.ts';
import {
  app,
  clientOf,
  failureOf,
  foreignToken,
  primary,
  runcloudWorld,
} from '../../../support/runcloud/runcloud.ts';
import { apiRules } from './api-rules.ts';
import { certificateRules } from './certificate-rules.ts';
import { domainRules } from './domain-rules.ts';
import { domain, hosting, type Rules, runcloud, startsSwitchWorld } from './switch-world.ts';

startsSwitchWorld();

/** A switch without an entry here does not compile. */
const rules: { readonly [S in keyof Switches]: Rules } = { ...domainRules, ...certificateRules, ...apiRules };

describe.each(Object.entries(rules))('%s', (_, positions) => {
  for (const [title, rule] of Object.entries(positions)) test(title, rule);
});

test('every switch there is has its rules here', () => {
  expect(Object.keys(rules).sort()).toEqual(Object.keys(usualSwitches).sort());
  expect(Object.values(rules).filter((positions) => Object.keys(positions).length === 0)).toEqual([]);
});

test('a workspace may have positions of its own, and the others keep theirs', async () => {
  const [own] = runcloud.workspaces;
  Object.assign(own?.switches ?? {}, { domainShape: 'id-name-created', callsPerMinute: 2 });
  expect(await hosting.find(1)).toMatchObject({ type: undefined });
  await hosting.find(1);
  expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited' });
  runcloud.addInPanel(9, { id: 2, name: 'shop.example' });
  const foreign = clientOf(runcloud, { credential: { api: 'v3', token: foreignToken } });
  const others = runcloudHosting(foreign, { serverId: '43', appId: '9' });
  for (let n = 0; n < 3; n += 1) expect(await others.find(2)).toMatchObject({ type: 'alias' });
});

test('advanced mode is not for a lower plan', async () => {
  const small = await runcloudWorld({ plan: 'pro', app: { domains: [primary] } });
  const set = clientOf(small).request({
    method: 'POST',
    path: '/servers/42/webapps/7/ssl/advanced',
    body: { advancedSSL: true },
  });
  expect(await failureOf(set)).toMatchObject({ code: 'runcloud-forbidden', status: 403 });
  expect(small.app(app).mode.advancedSSL).toBe(false);
  // A plan may have been given up since.
  small.app(app).mode.advancedSSL = true;
  expect(await failureOf(installSsl(clientOf(small), domain))).toMatchObject({ status: 403 });
  await small.close();
});
