import { type DnsFinding, proxyAddresses } from '../../dns/gate.ts';
import { isElsewhere } from '../../sync/ledger/domains/elsewhere.ts';
import { DNS_TIMEOUT_MS, WWW } from '../../sync/ledger/domains/www.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../sync/ledger/items/domain-item.ts';
import { isHeld } from '../../sync/ledger/items/lease.ts';
import { domainKey } from '../../sync/ledger/keys.ts';
import { OrderUnconfirmed } from '../errors.ts';
import { wasOrdered } from '../order-log/recently-ordered.ts';
import { isExpiring } from '../outcome/backoff.ts';
import type { CertificateResult, ServedCertificate } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import { checkParked } from './check-parked.ts';
import type { CheckTerms, ServerContext } from './check-terms.ts';
import { isDnsReady } from './dns-ready.ts';
import { isLedHere } from './led-here.ts';
import { hasNothingInstalled } from './nothing-installed.ts';
import { askAboutWww, requeueApex } from './requeue-for-www.ts';
import { askAgain, mayAskAbout, noteAnswer } from './silent-server.ts';
import { unsupportedResult } from './unsupported-name.ts';
import { clearWww, retryWithheld, withheldFix } from './withheld-www.ts';

/** Names that are asked about at a time. */
export const DNS_AT_ONCE = 10;
const TLS_TIMEOUT_MS = 5_000;

/** A name that passes the DNS gate, has no good certificate, and waits for no order. */
export interface Ready {
  readonly item: CertificateItem;
  /** The domain, and its `www.` where RunCloud serves it. */
  readonly names: readonly string[];
  /** Its row in RunCloud; null if it has none of its own. */
  readonly domainId: number | null;
  readonly shown: ServedCertificate | null;
  /** Why there was no handshake; null: there was one. */
  readonly silence: string | null;
}

export interface Shown {
  readonly shown: ServedCertificate | null;
  readonly wwwAskedAt: number | null;
  readonly pointsHere: boolean;
}

export type CheckResult =
  | (Shown & {
      readonly kind: 'ended';
      readonly result: CertificateResult;
      /** The order that has brought no certificate. */
      readonly failedOrderAt: number | null;
    })
  | (Shown & { readonly kind: 'ready'; readonly ready: Ready });

const NOTHING_SHOWN: Shown = { shown: null, wwwAskedAt: null, pointsHere: false };

function ended(
  result: CertificateResult,
  seen: Shown = NOTHING_SHOWN,
  failedOrderAt: number | null = null,
): CheckResult {
  return { kind: 'ended', result, failedOrderAt, ...seen };
}

/** When to check again a domain that is not served yet. Rarely: sync-domain makes the request due. */
function leftUntil({ dueAt }: DomainItem, now: number, { delays }: CertificateServices): number {
  return Math.min(Math.max(now + delays.leftMs, (dueAt ?? now) + delays.firstMs), now + delays.lastMs);
}

const WILDCARD_FIX =
  'Install a certificate in RunCloud that covers the wildcard (it needs dns-01), or add this domain on its own';

/** What to do about a name that points here and is not served with a good certificate. */
async function withoutCertificate(
  item: CertificateItem,
  domain: DomainItem,
  why: string,
  s: CertificateServices,
): Promise<CertificateResult | undefined> {
  const now = s.clock.now();
  if (domain.reason === 'covered-by-wildcard') {
    const error = { code: 'runcloud-refused' as const, message: why };
    return { kind: 'failed', reason: 'order-failed', fix: WILDCARD_FIX, error };
  }
  if (domain.reason === 'served-by-apex') {
    await requeueApex(item, s);
    return { kind: 'later' };
  }
  if (item.orderedAt === null) return undefined;
  if (now - item.orderedAt < s.delays.unconfirmedMs) return { kind: 'requested', orderedAt: item.orderedAt };
  return { kind: 'failing', error: new OrderUnconfirmed(why, item.orderSaid) };
}

/** True if a silent server has a certificate for the name, or is about to have one. */
async function isKnown(
  item: CertificateItem,
  domain: DomainItem,
  { session, orders, onInterruption }: CheckTerms,
  s: CertificateServices,
): Promise<boolean> {
  const { orderedAt, notAfter, state } = item;
  if (domain.reason === 'covered-by-wildcard') return true;
  const onRecord = orderedAt !== null || notAfter !== null || state === 'requested';
  if (!onRecord && !(await wasOrdered(item, orders.work, s))) return false;
  const running = orderedAt !== null && s.clock.now() - orderedAt < s.delays.unconfirmedMs;
  if (running || !(await mayAskAbout(item, s))) return true;
  const nothing = await hasNothingInstalled(domain.runcloudId?.id ?? null, session, onInterruption, s);
  if (nothing) await askAgain(item, s);
  return !nothing;
}

/** Checks one request: is it still wanted, is it served already, does its name point here? Throws bugs and `Unavailable`. */
export async function checkCertificate(
  item: CertificateItem,
  serverContext: ServerContext,
  terms: CheckTerms,
  s: CertificateServices,
): Promise<CheckResult> {
  const { network, domain: name } = item;
  const domain = (await s.ledger.read(domainKey(network, name)))?.item;
  // A removal that may still be taken back leaves the certificate as it is.
  const isGone = domain === undefined || (domain.wanted === 'absent' && domain.grace === null);
  if (isGone) return ended({ kind: 'closed' });
  if (domain.state === 'failed') return ended({ kind: 'hosting-failed', error: domain.lastError });
  const now = s.clock.now();
  // A pass requests the certificate before it records what the row serves, so this check could miss a `www.`.
  if (isHeld(domain, now)) return ended({ kind: 'held', until: now + s.delays.firstMs });
  if (domain.parking !== null) {
    const { result, pointsHere } = await checkParked(item, domain, serverContext, terms, s);
    return ended(result, { ...NOTHING_SHOWN, pointsHere });
  }
  const { runcloudId } = domain;
  // An id proves presence only in the application it was read from.
  const here = !isElsewhere(domain, terms.session.access.app);
  if (domain.state !== 'present' || !here) {
    return ended({ kind: 'left', until: leftUntil(domain, s.clock.now(), s) });
  }

  await retryWithheld(item, domain, s);
  const { app, protectedDomains } = terms.session.access;
  const wwwAskedAt = await askAboutWww(item, domain, { ...serverContext, app, protectedDomains }, s);
  const names = domain.wwwServed === true && !name.startsWith(WWW) ? [name, WWW + name] : [name];
  const { serverAddresses, dnsTarget, serverAddress } = serverContext;
  const found: DnsFinding = await s.dnsGate(name, {
    serverAddresses,
    dnsTarget,
    dnsReady: isDnsReady(item, s.clock.now()),
    timeoutMs: DNS_TIMEOUT_MS,
  });
  const proof = await s.prove({
    names,
    serverAddress,
    publicAddresses: proxyAddresses(found),
    timeoutMs: TLS_TIMEOUT_MS,
  });
  const shown = proof.kind === 'valid' ? proof : null;
  const edgeRenews = shown?.edgeRenews === true;
  const answered = proof.kind !== 'unverified' && (shown?.via !== 'edge' || edgeRenews);
  if (terms.wasSilent && answered) await noteAnswer(item, s);
  const pointsHere = shown !== null || isLedHere(found, serverAddresses);
  const seen = { shown, wwwAskedAt, pointsHere };
  // A handshake is proof without DNS.
  if (shown !== null && (edgeRenews || !isExpiring(shown, s.clock.now()))) {
    const fix = withheldFix(domain, s.clock.now());
    return ended({ kind: 'valid', shown, ...(fix !== undefined && { fix }) }, seen);
  }
  // A wildcard covers its names whatever their form.
  const byWildcard = domain.reason === 'covered-by-wildcard';
  const unsupported = byWildcard ? undefined : unsupportedResult(names, shown, s);
  if (unsupported === undefined && found.kind === 'not-here') {
    return ended({ ...found, kind: 'waiting-dns' }, seen);
  }

  // Before the first certificate a server need not listen. After it, silence says nothing new.
  if (proof.kind === 'unverified' && (await isKnown(item, domain, terms, s))) {
    const before = item.orderedAt === null && item.notAfter === null;
    return ended({ kind: 'unverified', why: proof.why, ordered: before && !byWildcard }, seen);
  }
  if (unsupported !== undefined) return ended(unsupported, seen);
  const why = proof.kind === 'valid' ? 'the certificate shown is about to expire' : proof.why;
  const result = await withoutCertificate(item, domain, why, s);
  if (result?.kind === 'failing' && names.length === 1) await clearWww(item, s);
  if (result !== undefined) return ended(result, seen, result.kind === 'failing' ? item.orderedAt : null);
  const silence = proof.kind === 'unverified' ? proof.why : null;
  const domainId = runcloudId?.id ?? null;
  return { kind: 'ready', ready: { item, names, domainId, shown, silence }, ...seen };
}
