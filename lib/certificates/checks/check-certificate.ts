import type { DnsFinding } from '../../dns/gate.ts';
import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import type { DomainItem } from '../../sync/ledger/domain-item.ts';
import { certificateKey, domainKey } from '../../sync/ledger/keys.ts';
import { isSameApp } from '../../sync/ledger/same-app.ts';
import { unlessUnreadable } from '../../sync/ledger/unreadable.ts';
import { updateItem } from '../../sync/ledger/update.ts';
import { makeDue } from '../../sync/ledger/work-item.ts';
import { DNS_TIMEOUT_MS, mayServeWww, WWW, wwwToServe } from '../../sync/ledger/www.ts';
import { OrderUnconfirmed } from '../errors.ts';
import type { Interruption } from '../interruption.ts';
import { wasOrdered } from '../order-log/recently-ordered.ts';
import { isExpiring } from '../outcome/backoff.ts';
import type { CertificateResult, ServedCertificate } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';
import { isDnsReady } from './dns-ready.ts';
import { hasNothingInstalled } from './nothing-installed.ts';
import { noteWww } from './requeue-for-www.ts';
import { askAgain, mayAskAbout, noteAnswer } from './silent-server.ts';

/** So many names are asked about at a time. */
export const DNS_AT_ONCE = 10;
const TLS_TIMEOUT_MS = 5_000;

/** What all requests of a look are held against. */
export interface ServerContext {
  /** Where a handshake is tried. */
  readonly serverAddress: string;
  readonly serverAddresses: readonly string[];
  readonly dnsTarget: string | null;
}

/** A name that passes the gate, is not served with a good certificate, and waits for no order. */
export interface Ready {
  readonly item: CertificateItem;
  /** The domain, and its `www.` where RunCloud serves it. */
  readonly names: readonly string[];
  /** Its row in RunCloud; null if it has none of its own. */
  readonly domainId: number | null;
  readonly shown: ServedCertificate | null;
  /** Why no handshake came about; null: one did. */
  readonly silence: string | null;
}

interface Seen {
  readonly shown: ServedCertificate | null;
  readonly wwwAskedAt: number | null;
}

export type CheckResult =
  | (Seen & {
      readonly kind: 'ended';
      readonly result: CertificateResult;
      /** The order that has come to nothing. */
      readonly failedOrderAt: number | null;
    })
  | (Seen & { readonly kind: 'ready'; readonly ready: Ready });

const NOTHING_SEEN: Seen = { shown: null, wwwAskedAt: null };

function ended(
  result: CertificateResult,
  seen: Seen = NOTHING_SEEN,
  failedOrderAt: number | null = null,
): CheckResult {
  return { kind: 'ended', result, failedOrderAt, ...seen };
}

/** Hosting that is not there yet: sync-domain makes the request due, so looking now and then is enough. */
function leftUntil({ dueAt }: DomainItem, now: number, { delays }: CertificateServices): number {
  return Math.min(Math.max(now + delays.leftMs, (dueAt ?? now) + delays.firstMs), now + delays.lastMs);
}

/** Looks daily whether `www.` still is what RunCloud serves; if not, that is the domain's work. Returns when it asked. */
async function askAboutWww(
  item: CertificateItem,
  domain: DomainItem,
  serverContext: ServerContext,
  s: CertificateServices,
): Promise<number | null> {
  const now = s.clock.now();
  const asked = item.wwwAskedAt !== null && item.wwwAskedAt > now - s.delays.dailyMs;
  if (asked || !mayServeWww(domain) || domain.wwwServed === null) return null;
  const { serverAddresses } = serverContext;
  const points = await s.askWww(WWW + domain.domain, { serverAddresses, timeoutMs: DNS_TIMEOUT_MS });
  if (wwwToServe(points, domain.wwwServed) === domain.wwwServed) return now;
  await noteWww(domain, s);
  return now;
}

/** `www.X` served by X's row: what is missing is the business of X's request. */
async function requeueApex(item: CertificateItem, s: CertificateServices): Promise<void> {
  const now = s.clock.now();
  const key = certificateKey(item.network, item.domain.slice(WWW.length));
  await unlessUnreadable(() =>
    updateItem(s.ledger, key, (apex) => {
      const settled = apex?.wanted === true && apex.state === 'valid';
      if (apex === undefined || !settled) return { result: undefined };
      return { write: { ...apex, ...makeDue(apex, now, now) }, result: undefined };
    }),
  );
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
  return {
    kind: 'failing',
    error: new OrderUnconfirmed(`RunCloud took the order, but it is not served: ${why}`),
  };
}

interface SessionTerms {
  readonly session: Session;
  /** Told of what kept a look from asking RunCloud, though it goes on. */
  readonly onInterruption: (interruption: Interruption) => void;
  /** The server did not answer handshakes when it was last tried. */
  readonly wasSilent: boolean;
}

/** There is, or is about to be, a certificate that a silent server would show. */
async function isKnown(
  item: CertificateItem,
  domain: DomainItem,
  { session, onInterruption }: SessionTerms,
  s: CertificateServices,
): Promise<boolean> {
  const { orderedAt, notAfter, state } = item;
  if (domain.reason === 'covered-by-wildcard') return true;
  const told = orderedAt !== null || notAfter !== null || state === 'requested';
  if (!told && !(await wasOrdered(item, s))) return false;
  const running = orderedAt !== null && s.clock.now() - orderedAt < s.delays.unconfirmedMs;
  if (running || !(await mayAskAbout(item, s))) return true;
  const nothing = await hasNothingInstalled(domain.runcloudId?.id ?? null, session, onInterruption, s);
  if (nothing) await askAgain(item, s);
  return !nothing;
}

/** Looks at one request: is it still wanted, served already, pointed here? Throws bugs and `Unavailable`. */
export async function checkCertificate(
  item: CertificateItem,
  serverContext: ServerContext,
  terms: SessionTerms,
  s: CertificateServices,
): Promise<CheckResult> {
  const { network, domain: name } = item;
  const domain = (await s.ledger.read(domainKey(network, name)))?.item;
  if (domain === undefined || domain.wanted === 'absent') return ended({ kind: 'closed' });
  if (domain.state === 'failed') return ended({ kind: 'hosting-failed', error: domain.lastError });
  const { runcloudId } = domain;
  // An id, and the presence it proves, belong to the application they were read from.
  const here = runcloudId === null || isSameApp(runcloudId, terms.session.access.app);
  if (domain.state !== 'present' || !here) {
    return ended({ kind: 'left', until: leftUntil(domain, s.clock.now(), s) });
  }

  const wwwAskedAt = await askAboutWww(item, domain, serverContext, s);
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
    publicAddresses: found.kind === 'proxied' ? found.addresses : [],
    timeoutMs: TLS_TIMEOUT_MS,
  });
  const shown = proof.kind === 'valid' ? proof : null;
  if (terms.wasSilent && proof.kind !== 'unverified' && shown?.via !== 'edge') await noteAnswer(item, s);
  const seen = { shown, wwwAskedAt };
  // What a handshake has proven needs no DNS to be true.
  if (shown !== null && !isExpiring(shown, s.clock.now())) return ended({ kind: 'valid', shown }, seen);
  if (found.kind === 'not-here') return ended({ ...found, kind: 'waiting-dns' }, seen);

  // Before the first certificate a server need not listen at all; after that, silence says nothing new.
  if (proof.kind === 'unverified' && (await isKnown(item, domain, terms, s))) {
    const before = item.orderedAt === null && item.notAfter === null;
    const ordered = before && domain.reason !== 'covered-by-wildcard';
    return ended({ kind: 'unverified', why: proof.why, ordered }, seen);
  }
  const why = proof.kind === 'valid' ? 'the certificate shown is about to expire' : proof.why;
  const result = await withoutCertificate(item, domain, why, s);
  if (result !== undefined) return ended(result, seen, result.kind === 'failing' ? item.orderedAt : null);
  const silence = proof.kind === 'unverified' ? proof.why : null;
  const domainId = runcloudId?.id ?? null;
  return { kind: 'ready', ready: { item, names, domainId, shown, silence }, ...seen };
}
