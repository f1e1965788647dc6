import { claimKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import type { Access } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { ensureClaim } from '../../../lib/sync/network/claim.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { APP, NETWORK, NOW } from './items.ts';

/** Networks that claim web applications. */
export function claimWorld() {
  const ledger = memoryLedger();
  const network = async (name = NETWORK) => (await ledger.read(networkKey(name)))?.item;
  const pass = async (
    at: { access: Pick<Access, 'app' | 'readAt'>; now: number; name?: string },
    through: Ledger = ledger,
  ) => {
    const { name = NETWORK, access, now } = at;
    await ensureClaim(through, await network(name), { network: name, access, now });
  };
  return {
    ledger,
    network,
    pass,
    claim: async (app = APP) => (await ledger.read(claimKey(app.serverId, app.appId)))?.item,
    /** The first step of a pass. */
    ensure: async (now = NOW, app = APP, name = NETWORK) => pass({ access: { app, readAt: now }, now, name }),
  };
}
