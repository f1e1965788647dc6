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
  parkUnreadyNames: true,
  paused: false,
};

test("an API handler keeps no credential of RunCloud's", () => {
  const { relaySecrets, hookTokens, protectedDomains } = settings;
  expect(apiSettings(settings)).toEqual({ relaySecrets, hookTokens, protectedDomains });
});

test('a read keeps no secret that signs events, and a worker no secret of callers at all', () => {
  const { relaySecrets: _signing, hookTokens: _hook, callbackUrl: _url, ...rest } = settings;
  const { removalsPerHour: _removals, parkUnreadyNames: _parking, ...read } = rest;
  expect(readSettings(settings)).toEqual(read);
  const { readTokens: _read, ...worker } = rest;
  expect(workerSettings(settings)).toEqual({ ...worker, readAt: expect.any(Number) });
});
