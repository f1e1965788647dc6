import { SECRET_LEAST_AGE_MS } from '../ledger/budgets.ts';
import { AppClaimed, NotBefore } from '../ledger/errors.ts';
import type { NetworkClaim, NetworkItem } from '../ledger/items/network-item.ts';
import { freshNetwork } from '../ledger/items/network-item.ts';
import type { ClaimItem } from '../ledger/items/shared-items.ts';
import { claimKey, networkKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Access, App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { CLOCKS_AGREE_MS, HOUR_MS } from '../ledger/time.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { nextDaily, scheduleAtRest } from './daily.ts';
import { requeueDue } from './requeue-due.ts';

/** The network has claimed another application than this one. */
export function hasLeft(item: NetworkItem | undefined, app: App): boolean {
  const claim = item?.claim ?? null;
  return claim !== null && !isSameApp(claim, app);
}

/** Half the time between two comparisons, so that each of them renews it. */
const RENEWED_AFTER_MS = 12 * HOUR_MS;
const FREE_AFTER_MS = 48 * HOUR_MS;

/** When the claim of another network ends, unless that network renews it. Undefined: no other network holds one. */
export function foreignUntil(claim: ClaimItem | undefined, network: string, now: number): number | undefined {
  if (claim === undefined || claim.network === network) return undefined;
  const until = claim.renewedAt + FREE_AFTER_MS;
  return until > now ? until : undefined;
}

/** Whether a secret may change the claim: it names the claimed application, or was read after the secret that claimed it. */
export function isUpToDate(
  claimed: NetworkClaim | null,
  { app, readAt }: Pick<Access, 'app' | 'readAt'>,
): boolean {
  return claimed === null || isSameApp(claimed, app) || readAt > claimed.readAt + CLOCKS_AGREE_MS;
}

/** When a secret may be read again. */
export function readableAgainAt({ readAt }: Pick<Access, 'readAt'>): number {
  return readAt + SECRET_LEAST_AGE_MS;
}

function takeClaim(ledger: Ledger, network: string, app: App, now: number): Promise<boolean> {
  return updateItem(ledger, claimKey(app.serverId, app.appId), (item) => {
    if (foreignUntil(item, network, now) !== undefined) return { result: false };
    const write: ClaimItem = { network, renewedAt: now };
    return { write, result: true };
  });
}

/** Not a claim that was taken again after `now`: the ids may have changed back while this worker was slow. */
function releaseClaim(ledger: Ledger, network: string, app: App, now: number): Promise<void> {
  return updateItem(ledger, claimKey(app.serverId, app.appId), (item) =>
    item?.network === network && item.renewedAt <= now
      ? { write: { network, renewedAt: 0 }, result: undefined }
      : { result: undefined },
  );
}

/** False: another worker has claimed another application, with a secret that was read later. */
function noteClaim(ledger: Ledger, network: string, claim: NetworkClaim): Promise<boolean> {
  return updateItem(ledger, networkKey(network), (stored) => {
    const item = stored ?? freshNetwork(network);
    if (!isUpToDate(item.claim, { app: claim, readAt: claim.readAt })) return { result: false };
    const moved = item.claim !== null && !isSameApp(item.claim, claim);
    const comparison = item.comparison ?? { dueAt: nextDaily(network, claim.renewedAt), begunAt: null };
    // A running order belongs to the old application. The orders stay on record, because the CA counts them.
    const certificates =
      moved && item.certificates !== null ? { ...item.certificates, ordered: [] } : item.certificates;
    const write = {
      ...item,
      claim,
      comparison,
      certificates,
      ...(item.requeue === null ? scheduleAtRest({ ...item, comparison, certificates }) : {}),
      ...(moved ? { ...requeueDue(item, 'moved', claim.renewedAt), singleRowsAt: null } : {}),
    };
    return { write, result: true };
  });
}

/**
 * Claims the web application for this network before anything is done to it. A pass or the comparison renews the claim
 * daily. A network whose ids changed releases the old application and requeues all its domains. Throws `AppClaimed`, and
 * `NotBefore` when the network has moved to another application.
 */
export async function ensureClaim(
  ledger: Ledger,
  item: NetworkItem | undefined,
  at: { readonly network: string; readonly access: Pick<Access, 'app' | 'readAt'>; readonly now: number },
): Promise<void> {
  const { network, access, now } = at;
  const { app, readAt } = access;
  const held = item?.claim ?? null;
  if (held !== null && isSameApp(held, app) && held.renewedAt > now - RENEWED_AFTER_MS) return;
  if (!(await takeClaim(ledger, network, app, now))) {
    throw new AppClaimed(
      `Another network of this deployment already manages web application ${app.appId} on server ${app.serverId}`,
    );
  }
  if (!(await noteClaim(ledger, network, { ...app, renewedAt: now, readAt }))) {
    await releaseClaim(ledger, network, app, now);
    throw new NotBefore(readableAgainAt(access));
  }
  if (held !== null && !isSameApp(held, app)) await releaseClaim(ledger, network, held, now);
}
