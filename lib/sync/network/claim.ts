import { SECRET_LEAST_AGE_MS } from '../ledger/budgets.ts';
import { AppClaimed, NotBefore } from '../ledger/errors.ts';
import type { NetworkClaim, NetworkItem } from '../ledger/items/network-item.ts';
import { freshNetwork } from '../ledger/items/network-item.ts';
import type { ClaimItem } from '../ledger/items/shared-items.ts';
import { claimKey, networkKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Access, App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { CLOCKS_AGREE_MS, HOUR_MS, MINUTE_MS } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { nextDaily, scheduleAtRest } from './daily.ts';
import { requeueDue } from './requeue-due.ts';

/** Of an application that was given up. */
const NEVER = 0;

function holds(claim: NetworkClaim, app: App): boolean {
  return isSameApp(claim, app) && claim.renewedAt !== NEVER;
}

/** The network has claimed another application than this one, or has given this one up. */
export function hasLeft(item: NetworkItem | undefined, app: App): boolean {
  const claim = item?.claim ?? null;
  return claim !== null && !holds(claim, app);
}

/** Half the time between two comparisons, so that each of them renews it. */
const RENEWED_AFTER_MS = 12 * HOUR_MS;
const FREE_AFTER_MS = 48 * HOUR_MS;
/** A worker that has claimed an application notes it in its network's item, or was stopped. No worker runs this long. */
const NOTED_WITHIN_MS = 6 * MINUTE_MS;

/** When the claim of another network ends, unless that network renews it. Undefined: no other network holds one. */
export function foreignUntil(claim: ClaimItem | undefined, network: string, now: number): number | undefined {
  if (claim === undefined || claim.network === network) return undefined;
  const until = claim.renewedAt + FREE_AFTER_MS;
  return until > now ? until : undefined;
}

/**
 * Whether the network of this claim has left the application, and the release is missing: it failed, or its worker was
 * stopped. An item that cannot be read does not say so.
 */
async function isLeftOver(
  ledger: Pick<Ledger, 'read'>,
  claim: ClaimItem,
  { app, now }: { readonly app: App; readonly now: number },
): Promise<boolean> {
  if (claim.renewedAt > now - NOTED_WITHIN_MS - CLOCKS_AGREE_MS) return false;
  const owner = await unlessUnreadable(() => ledger.read(networkKey(claim.network)));
  return hasLeft(owner?.item, app);
}

/** When the claim of another network on this application ends. Undefined: this network may claim it. */
export async function claimedUntil(
  ledger: Pick<Ledger, 'read'>,
  network: string,
  { app, now }: { readonly app: App; readonly now: number },
): Promise<number | undefined> {
  const claim = (await ledger.read(claimKey(app.serverId, app.appId)))?.item;
  const until = foreignUntil(claim, network, now);
  if (claim === undefined || until === undefined) return undefined;
  return (await isLeftOver(ledger, claim, { app, now })) ? undefined : until;
}

/**
 * Whether a secret may change the claim: it names the application that the network has, or was read after the secret that
 * claimed it, or that gave it up.
 */
export function isUpToDate(
  claimed: NetworkClaim | null,
  { app, readAt }: Pick<Access, 'app' | 'readAt'>,
): boolean {
  return claimed === null || holds(claimed, app) || readAt > claimed.readAt + CLOCKS_AGREE_MS;
}

/** When a secret may be read again. */
export function readableAgainAt({ readAt }: Pick<Access, 'readAt'>): number {
  return readAt + SECRET_LEAST_AGE_MS;
}

async function takeClaim(ledger: Ledger, network: string, app: App, now: number): Promise<boolean> {
  /** What keeps this network from it. */
  const take = (leftOver?: ClaimItem): Promise<ClaimItem | undefined> =>
    updateItem(ledger, claimKey(app.serverId, app.appId), (item) => {
      // Whoever comes back renews the claim first: then it is another one than the one that was left over.
      const isSeen = item?.network === leftOver?.network && item?.renewedAt === leftOver?.renewedAt;
      if (foreignUntil(item, network, now) !== undefined && !isSeen) return { result: item };
      const write: ClaimItem = { network, renewedAt: now };
      return { write, result: undefined };
    });
  const foreign = await take();
  if (foreign === undefined) return true;
  return (await isLeftOver(ledger, foreign, { app, now })) && (await take(foreign)) === undefined;
}

/**
 * Releases what the network had noted. Not a claim that was taken again since: the ids may have changed back while this
 * worker was slow.
 */
function releaseClaim(
  ledger: Ledger,
  network: string,
  { serverId, appId, renewedAt }: Omit<NetworkClaim, 'readAt'>,
): Promise<void> {
  return updateItem(ledger, claimKey(serverId, appId), (item) =>
    item?.network === network && item.renewedAt <= renewedAt
      ? { write: { network, renewedAt: NEVER }, result: undefined }
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
 * Gives up the application that the network holds, because its secret names one that another network has. Otherwise two
 * networks that exchange their applications would wait for each other. What the network had stays noted, so that its next
 * application is a move.
 */
async function giveUp(
  ledger: Ledger,
  network: string,
  held: App,
  secret: Pick<Access, 'app' | 'readAt'>,
): Promise<void> {
  const givenUp = await updateItem(ledger, networkKey(network), (item) => {
    const claim = item?.claim ?? null;
    if (item === undefined || claim === null || !holds(claim, held) || !isUpToDate(claim, secret)) {
      return { result: undefined };
    }
    const { readAt } = secret;
    return { write: { ...item, claim: { ...claim, renewedAt: NEVER, readAt } }, result: claim };
  });
  if (givenUp !== undefined) await releaseClaim(ledger, network, givenUp);
}

/**
 * Claims the web application for this network before anything is done to it. A pass or the comparison renews the claim
 * daily. A network whose ids changed releases the old application, and requeues all its domains once it has the new one. Throws
 * `AppClaimed`, and `NotBefore` when the network has moved to another application.
 */
export async function ensureClaim(
  ledger: Ledger,
  item: NetworkItem | undefined,
  at: { readonly network: string; readonly access: Pick<Access, 'app' | 'readAt'>; readonly now: number },
): Promise<void> {
  const { network, access, now } = at;
  const { app, readAt } = access;
  const held = item?.claim ?? null;
  const left = held === null || isSameApp(held, app) ? null : held;
  if (held !== null && left === null && held.renewedAt > now - RENEWED_AFTER_MS) return;
  if (!(await takeClaim(ledger, network, app, now))) {
    if (left !== null) await giveUp(ledger, network, left, access);
    throw new AppClaimed(
      `Another network of this deployment already manages web application ${app.appId} on server ${app.serverId}`,
    );
  }
  if (!(await noteClaim(ledger, network, { ...app, renewedAt: now, readAt }))) {
    await releaseClaim(ledger, network, { ...app, renewedAt: now });
    throw new NotBefore(readableAgainAt(access));
  }
  if (left !== null) await releaseClaim(ledger, network, left);
}
