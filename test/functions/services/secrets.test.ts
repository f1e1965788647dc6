import { expect, test } from '@jest/globals';
import { apiSettings, readSettings, workerSettings } from '../../../functions/services/secrets.ts';
import type { NetworkSettings } from '../../../lib/settings/settings.ts';

const settings: NetworkSettings = {
  credential: { api: 'v3', token: 'workspace-token' },
  serverId: '7',
  appId: '9',
  relaySecrets: ['whsec_relay'],
  readTokens: ['read-token'],
  hookTokens: ['hook-token'],
  protectedDomains: ['network.example'],
  callbackUrl: null,
  serverAddresses: ['203.0.113.10'],
  dnsTarget: null,
  removalsPerHour: 60,
  additionsPerHour: 300,
  parkUnreadyNames: true,
  removalGraceMinutes: 15,
  paused: false,
};

test("an API handler keeps no credential of RunCloud's", () => {
  const { relaySecrets, hookTokens, protectedDomains, removalGraceMinutes } = settings;
  expect(apiSettings(settings)).toEqual({ relaySecrets, hookTokens, protectedDomains, removalGraceMinutes });
});

test('a read keeps no secret that signs events, and a worker no secret of callers at all', () => {
  const { relaySecrets: _signing, hookTokens: _hook, callbackUrl: _url, ...known } = settings;
  const { removalGraceMinutes: _grace, ...rest } = known;
  const {
    removalsPerHour: _removals,
    additionsPerHour: _additions,
    parkUnreadyNames: _parking,
    ...read
  } = rest;
  expect(readSettings(settings)).toEqual(read);
  const { readTokens: _read, ...worker } = rest;
  expect(workerSettings(settings)).toEqual({
    ...worker,
    tellsOutcomes: false,
    readAt: expect.any(Number),
  });
});
