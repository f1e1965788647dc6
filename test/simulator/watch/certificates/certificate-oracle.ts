import type { ErrorCode } from '../../../../lib/errors.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { shownNow } from '../../world/certificates/handshakes.ts';
import type { Issuer } from '../../world/certificates/issuer.ts';
import type { SslWorld } from '../../world/certificates/ssl-world.ts';
import { keepsWww } from '../../world/runcloud/protected-domains.ts';
import { NETWORK, type World } from '../../world/world.ts';
import { mayHaveCrashed } from '../leases/crashes.ts';
import { PROOF_HOLDS_MS, servesWwwAt, waitingAt } from './dns-rules.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const WWW = 'www.';

function namesServed({ domain, wwwServed }: DomainItem): string[] {
  return wwwServed === true && !domain.startsWith(WWW) ? [domain, WWW + domain] : [domain];
}

/** How an order may end in a world that is repaired: with no failure that would have passed since. */
const MAY_FAIL_WITH: ReadonlySet<ErrorCode> = new Set(['runcloud-refused', 'runcloud-unavailable']);

function whyFailed({ domain, lastError }: CertificateItem, world: World): string | undefined {
  const { code } = lastError ?? {};
  const isRight =
    code === 'internal-error'
      ? mayHaveCrashed(world, certificateKey(NETWORK, domain).item)
      : code !== undefined && MAY_FAIL_WITH.has(code);
  return isRight ? undefined : `failed with ${code ?? 'no error'}`;
}

/** What a failure says wrongly of the application. */
function untrueReason({ reason }: CertificateItem, { mode, hasTooManyNames, installed }: Issuer) {
  const isOwn = [...installed.values()].some(({ uploaded }) => uploaded);
  if (reason === 'name-limit' && (mode !== 'basic' || !hasTooManyNames)) return 'its names fit';
  return reason === 'custom-certificate' && !isOwn ? 'no operator has installed one' : undefined;
}

/** What a request whose name points here, and for which no certificate can be had, may truthfully say. */
function whyNot(item: CertificateItem, ssl: SslWorld, world: World): string | undefined {
  const { state, reason, fix, dueAt } = item;
  const now = ssl.scheduler.now();
  const issuer = ssl.issuers[world.current];
  if (state === 'failed') return whyFailed(item, world) ?? untrueReason(item, issuer);
  if (state === 'requested') {
    const since = now - (item.orderedAt ?? Number.NEGATIVE_INFINITY);
    // The handshake may never succeed, and then nothing says that the order failed.
    return reason === 'unverified' || since < ssl.delays.unconfirmedMs + ssl.delays.lastMs
      ? undefined
      : 'requested for ever';
  }
  if (state !== 'pending') return `is ${state}`;
  if (reason === 'held-by-name') {
    const rows = [...world.runclouds[world.current].hosting.rows.values()].flatMap(({ name, www }) =>
      www ? [name, WWW + name] : [name],
    );
    const told = rows.some((name) => !ssl.internet.validates(name) && fix?.includes(`${name} shares`));
    return told ? undefined : `is held by a name that is good: ${fix}`;
  }
  if (reason === 'autossl') return issuer.mode === 'autossl' ? undefined : 'waits for AutoSSL that is off';
  if (reason === 'order-budget') return (dueAt ?? 0) > now - HOUR_MS ? undefined : 'a budget that is free';
  return dueAt === null ? 'is pending without a next check' : undefined;
}

/** What is untrue in what the ledger says of a domain's certificate; undefined: nothing. */
function untruth(
  domain: DomainItem,
  item: CertificateItem | undefined,
  ssl: SslWorld,
  world: World,
): string | undefined {
  if (domain.wanted === 'absent') {
    return item === undefined || (item.state === 'none' && !item.wanted)
      ? undefined
      : `is gone, and its request ${item.state}`;
  }
  if (domain.state === 'failed') {
    return item === undefined || item.state === 'failed' || item.state === 'none'
      ? undefined
      : `failed, and its request ${item.state}`;
  }
  if (item === undefined) return 'has no request';
  const { mode } = ssl.issuers[world.current];
  if (domain.state === 'parked' && (mode === 'advanced' || mode === 'autossl')) {
    return `is parked, and the SSL mode is ${mode}`;
  }
  const { state, reason } = item;
  const names = namesServed(domain);
  const issuer = ssl.issuers[world.current];
  const shown = shownNow(issuer, names, ssl.scheduler.now());
  if (state === 'valid') {
    if (shown.kind !== 'valid') return 'is said to be valid, and is not';
    if (item.orderedAt !== null && reason !== 'expiring') return 'is valid with an open order';
    return Date.parse(item.notAfter ?? '') === shown.notAfter ? undefined : 'is said to end at another time';
  }
  if (shown.kind === 'valid') return `is served with a certificate, and said to be ${state}`;
  const found = readinessOf(item, ssl.scheduler.now()).map((ready) =>
    untruthWithout(domain, item, ready, ssl, world),
  );
  return found.includes(undefined) ? undefined : found[0];
}

/** Whether the multisite's proof of DNS counts: for thirty days; between two daily checks either answer is right. */
function readinessOf({ dnsReadyAt }: CertificateItem, now: number): boolean[] {
  if (dnsReadyAt === null) return [false];
  if (now < dnsReadyAt + PROOF_HOLDS_MS) return [true];
  return now < dnsReadyAt + PROOF_HOLDS_MS + 2 * DAY_MS ? [false, true] : [false];
}

/** What is said wrongly about a name without a certificate. */
function untruthWithout(
  domain: DomainItem,
  item: CertificateItem,
  ready: boolean,
  ssl: SslWorld,
  world: World,
): string | undefined {
  const { state, reason } = item;
  const names = namesServed(domain);
  const issuer = ssl.issuers[world.current];
  const waiting = waitingAt(ssl.internet.place(domain.domain), ready);
  if (waiting !== null) {
    const fixed = [domain.domain, ...waiting.fixNames].every((name) => item.fix?.includes(name));
    const told = state === 'waiting-dns' && reason === waiting.reason && fixed;
    return told
      ? undefined
      : `points elsewhere (${waiting.reason}), and is said to be ${state} ${reason}: ${item.fix}`;
  }
  if (domain.state === 'parked') return 'points here, and is parked';
  if (domain.reason === 'served-by-apex') {
    return state === 'pending' || state === 'requested' || state === 'failed'
      ? undefined
      : `is said to be ${state}`;
  }
  if (issuer.canIssue(names)) return `can have a certificate, and is ${state} ${reason}`;
  const why = whyNot(item, ssl, world);
  return why === undefined ? undefined : `cannot have a certificate, and ${why}`;
}

const WITHHELD_MS = 7 * DAY_MS;

function isWithheld({ wwwWithheld }: DomainItem, { scheduler }: SslWorld): boolean {
  return wwwWithheld !== null && !wwwWithheld.over && scheduler.now() < wwwWithheld.at + WITHHELD_MS;
}

function wwwUntruth(domain: DomainItem, ssl: SslWorld, world: World): string | undefined {
  const rows = [...world.runclouds[world.current].hosting.rows.values()];
  const row = rows.find(({ name }) => name === domain.domain);
  // The row of a removal that is never followed stays as it is.
  if (domain.wanted === 'absent') return undefined;
  if (domain.state !== 'present' || row?.type !== 'alias' || keepsWww(world, row)) return undefined;
  // Orders for both have failed; it comes back after a week, or where the name alone fails too.
  if (isWithheld(domain, ssl)) return row.www === false ? undefined : 'www is withheld, and served';
  const may = domain.www && !domain.domain.startsWith(WWW);
  const own = rows.some(({ name }) => name === WWW + domain.domain);
  const wanted = may && !own && servesWwwAt(ssl.internet.place(WWW + domain.domain), row.www ?? false);
  return row.www === wanted ? undefined : `www is ${row.www}, wanted ${wanted}`;
}

/** Everything that the ledger says wrongly about certificates at this moment. */
export function untruths(world: World, ssl: SslWorld): string[] {
  const requests = new Map(world.ledger.all('certificate').map((item) => [item.domain, item]));
  return world.ledger.all('domain').flatMap((domain) => {
    const found = [untruth(domain, requests.get(domain.domain), ssl, world), wwwUntruth(domain, ssl, world)];
    return found.flatMap((what) => (what === undefined ? [] : [`${domain.domain}: ${what}`]));
  });
}

/** A failure has its dead letter, once it has been sent. */
export function unreported(world: World, { queue }: SslWorld): string[] {
  const deadLetters = new Set(queue.deadLetters.map(({ id }) => id));
  return world.ledger
    .all('certificate')
    .flatMap(({ network, domain, state, deadLetteredRevision, revision, toSend }) => {
      const id = `${network}/${domain}/certificate/${revision}/dead-letter`;
      const owed =
        state === 'failed' &&
        deadLetteredRevision === revision &&
        toSend.length === 0 &&
        !deadLetters.has(id);
      return [
        ...(owed ? [`${domain}: its certificate failed without a dead letter`] : []),
        ...(toSend.length > 0 ? [`${domain}: what became of its certificate is told to nobody`] : []),
      ];
    });
}
