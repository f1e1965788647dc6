import type { HostingCall } from '../../../../doubles/hosting.ts';
import { APP, domainItem } from '../../../../support/sync/items.ts';

export function throwing(error: () => Error, op?: HostingCall['op']) {
  return async (call: HostingCall) => {
    if (op === undefined || call.op === op) throw error();
  };
}

export function removal() {
  return domainItem({ wanted: 'absent', runcloudId: { id: 5, ...APP } });
}
