import { secretsManager, secretsManagerClient } from '../../lib/aws/secrets.ts';
import { systemClock } from '../../lib/clock.ts';
import { pick } from '../../lib/pick.ts';
import type { NetworkSettings, Secrets } from '../../lib/settings/settings.ts';

/** The only settings that an API handler keeps, so it never holds RunCloud's credentials. */
export function apiSettings(settings: NetworkSettings) {
  return pick(settings, ['relaySecrets', 'hookTokens', 'protectedDomains', 'removalGraceMinutes']);
}
export type ApiSettings = ReturnType<typeof apiSettings>;

/** The only settings that a read keeps, so it never holds the secrets that sign events. */
export function readSettings(settings: NetworkSettings) {
  return pick(settings, [
    'readTokens',
    'credential',
    'serverId',
    'appId',
    'protectedDomains',
    'serverAddresses',
    'dnsTarget',
    'paused',
  ]);
}
export type ReadSettings = ReturnType<typeof readSettings>;

/** The only settings that a worker keeps, and when they were read. */
export function workerSettings(settings: NetworkSettings) {
  const kept = pick(settings, [
    'credential',
    'serverId',
    'appId',
    'protectedDomains',
    'removalsPerHour',
    'additionsPerHour',
    'parkUnreadyNames',
    'paused',
    'serverAddresses',
    'dnsTarget',
  ]);
  return { ...kept, tellsOutcomes: settings.callbackUrl !== null, readAt: systemClock.now() };
}
export type WorkerSettings = Readonly<ReturnType<typeof workerSettings>>;

/** The only settings that outcomes are posted with. */
export function outcomeSettings(settings: NetworkSettings) {
  return pick(settings, ['callbackUrl', 'relaySecrets']);
}
export type OutcomeSettings = ReturnType<typeof outcomeSettings>;

/**
 * The networks' secrets. `kept` picks the settings to keep; the rest is dropped with the answer. `limited`: for functions
 * that callers reach, who may name any network.
 */
export function secretsOf<T>(
  prefix: string,
  kept: (settings: NetworkSettings) => T,
  { limited = false } = {},
): Secrets<T> {
  return secretsManager({ client: secretsManagerClient(), prefix, clock: systemClock, pick: kept, limited });
}
