import { isElsewhere } from '../../ledger/domains/elsewhere.ts';
import { isWwwWithheld } from '../../ledger/domains/withheld-www.ts';
import {
  type AskWww,
  DNS_TIMEOUT_MS,
  mayServeWww,
  type Points,
  WWW,
  wwwToServe,
} from '../../ledger/domains/www.ts';
import type { DomainItem } from '../../ledger/items/domain-item.ts';
import type { NetworkItem } from '../../ledger/items/network-item.ts';
import type { Clock, Ledger } from '../../ledger/ports.ts';
import type { Access, CertificateHosting } from '../../ledger/runcloud-ports.ts';
import { movedAddressOf, serverAddressOf } from '../../network/server-address.ts';
import type { Goal } from './plan.ts';
import { mayHaveSecondRow } from './second-row.ts';

interface GoalContext {
  readonly access: Access;
  readonly stored: NetworkItem | undefined;
  readonly certificates: Pick<CertificateHosting, 'serverAddress'>;
}

interface GoalServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly askWww: AskWww;
}

/**
 * Where a name points, as seen from the addresses of the server. `served`: it would be taken away where it leads elsewhere, so the
 * server must not have moved.
 */
async function pointsAt(
  name: string,
  served: boolean,
  at: GoalContext & { readonly network: string },
  s: GoalServices,
): Promise<Points> {
  const { access, certificates } = at;
  const pointsFrom = (address: string | undefined) => {
    const serverAddresses = [...(address === undefined ? [] : [address]), ...access.serverAddresses];
    return s.askWww(name, { serverAddresses, timeoutMs: DNS_TIMEOUT_MS });
  };
  const points = await pointsFrom(await serverAddressOf(at, certificates, s));
  if (points !== 'elsewhere' || !served) return points;
  const moved = await movedAddressOf(at, certificates, s);
  return moved === undefined ? points : pointsFrom(moved);
}

/**
 * A name is still served when it is to be parked, and its DNS may have changed since: one that leads here now, or that gives no
 * answer, keeps its row.
 */
async function wantedOf(item: DomainItem, context: GoalContext, s: GoalServices): Promise<Goal['wanted']> {
  const { network, domain, wanted, parking, state } = item;
  if (wanted === 'absent' || parking === null) return wanted;
  if (state === 'parked' || parking.reason === 'name-unsupported') return 'parked';
  const points = await pointsAt(domain, true, { ...context, network }, s);
  return points === 'none' || points === 'elsewhere' ? 'parked' : 'present';
}

/** `www.` is served only where it points at the server: otherwise one name without DNS fails the certificate of all. */
async function servedWww(item: DomainItem, context: GoalContext, s: GoalServices): Promise<boolean> {
  if (item.wanted === 'absent' || !mayServeWww(item)) return item.www;
  if (isWwwWithheld(item, s.clock.now())) return false;
  const { domain, network, wwwServed } = item;
  const points = await pointsAt(WWW + domain, wwwServed === true, { ...context, network }, s);
  return wwwToServe(points, wwwServed);
}

/** What a pass works towards, and what it knows before it reads. */
export async function goalOf(item: DomainItem, context: GoalContext, s: GoalServices): Promise<Goal> {
  const { access, stored } = context;
  const { runcloudId } = item;
  const wanted = await wantedOf(item, context, s);
  const www = await servedWww(item, context, s);
  // An id, and every answer about it, belongs to the application it was read from.
  const here = !isElsewhere(item, access.app);
  // Also once its time is over: what has landed is found by name only, and only a settled pass clears this.
  const ambiguous = item.ambiguousUntil !== null;
  return {
    domain: item.domain,
    wanted,
    announced: item.announced,
    www,
    native: item.native,
    knownId: here ? (runcloudId?.id ?? null) : null,
    parkable: item.parking && { ownId: here ? item.addedId : null, reason: item.parking.reason },
    blind: !(here && item.answered) && !stored?.readsFirst && !ambiguous,
    ambiguous,
    protectedDomains: access.protectedDomains,
    secondRowPossible: mayHaveSecondRow(item, stored),
  };
}
