import { RuncloudUnauthorized } from '../../../../../lib/runcloud/errors.ts';
import type { HostingCall } from '../../../../doubles/hosting.ts';
import { APP, domainItem, networkItem } from '../../../../support/sync/items.ts';

/** What an error says of the call that met it. */
export const madeCall = { method: 'GET', path: '/domains' };

export function throwing(error: () => Error, op?: HostingCall['op']) {
  return async (asked: HostingCall) => {
    if (op === undefined || asked.op === op) throw error();
  };
}

export function unauthorized() {
  return new RuncloudUnauthorized('RunCloud does not accept the credential', madeCall);
}

export const pause = {
  code: 'runcloud-unauthorized',
  message: 'No',
  since: '2026-11-21T05:00:00.000Z',
} as const;

export function pausedNetwork(probeAt: number) {
  return networkItem({ pause: { ...pause, probeAt } });
}

export function removal() {
  return domainItem({ wanted: 'absent', runcloudId: { id: 5, ...APP } });
}
