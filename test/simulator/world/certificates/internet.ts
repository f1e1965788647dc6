import { addressFix, caaFix } from '../../../../lib/dns/fix.ts';
import { type DnsFinding, type DnsGate, wwwVerdicts } from '../../../../lib/dns/gate.ts';
import { addressVerdict } from '../../../../lib/dns/verdict.ts';
import type { AskWww, Points } from '../../../../lib/sync/ledger/domains/www.ts';
import type { Actor, Scheduler } from '../../chance/scheduler.ts';
import { NAMES, type Place, type SslPlan } from '../../chance/ssl-plan.ts';

export const SERVER = '203.0.113.10';
export const FOREIGN = '198.51.100.7';
export const FOREIGN_IPV6 = '2001:db8::7';
/** One of Cloudflare's. */
const PROXY = '104.16.0.5';

const ADDRESSES: Readonly<Record<Place, readonly string[]>> = {
  here: [SERVER],
  none: [],
  elsewhere: [FOREIGN],
  ipv6: [SERVER, FOREIGN_IPV6],
  proxied: [PROXY],
  caa: [SERVER],
  unanswered: [],
};

/** Whether the CA reaches our server under a name, and CAA allows it. */
const VALIDATES: ReadonlySet<Place> = new Set(['here', 'proxied']);

/** DNS as it is, whether or not the resolver answers. */
export class Internet {
  readonly #scheduler: Scheduler;
  readonly #turns = new Map<string, { readonly at: number; readonly place: Place }[]>();

  constructor(scheduler: Scheduler, { points }: Pick<SslPlan, 'points'>, startAt: number) {
    this.#scheduler = scheduler;
    for (const { name, at, place } of points) {
      const known = NAMES[name] ?? NAMES[0];
      if (at === 0) this.#turn(known, place);
      else scheduler.at(startAt + at * 1_000, () => this.#turn(known, place));
    }
  }

  #turn(name: string, place: Place): void {
    this.#scheduler.note(`${name} points: ${place}`);
    this.#turns.set(name, [...(this.#turns.get(name) ?? []), { at: this.#scheduler.now(), place }]);
  }

  place(name: string): Place {
    return this.#turns.get(name)?.at(-1)?.place ?? 'here';
  }

  /** Where a name pointed at any moment since then. */
  placesSince(name: string, since: number): Place[] {
    const turns = [{ at: 0, place: 'here' as Place }, ...(this.#turns.get(name) ?? [])];
    return turns
      .filter((_, i) => (turns[i + 1]?.at ?? Number.POSITIVE_INFINITY) > since)
      .map(({ place }) => place);
  }

  validates(name: string): boolean {
    return VALIDATES.has(this.place(name));
  }
}

type Terms = Pick<Parameters<DnsGate>[1], 'serverAddresses' | 'dnsTarget' | 'dnsReady'>;

/** Findings by what they depend on: a history asks the same again and again. */
const findings = new Map<string, DnsFinding>();

/** What the DNS gate says about an address. */
function findingOf(name: string, place: Place, { serverAddresses, dnsTarget, dnsReady }: Terms): DnsFinding {
  const asked = JSON.stringify([name, place, serverAddresses, dnsTarget, dnsReady]);
  const finding = findings.get(asked) ?? newFinding(name, place, { serverAddresses, dnsTarget, dnsReady });
  findings.set(asked, finding);
  return finding;
}

function newFinding(name: string, place: Place, terms: Terms): DnsFinding {
  const addresses = ADDRESSES[place];
  const found = { addresses, complete: place !== 'unanswered', exists: place !== 'none' };
  const verdict = addressVerdict(found, terms);
  if (verdict !== 'here' && verdict !== 'proxied') {
    return { kind: 'not-here', reason: verdict, fix: addressFix(verdict, name, found, terms), addresses };
  }
  if (place !== 'caa') return { kind: verdict, addresses };
  const refused = {
    kind: 'refused' as const,
    zone: name,
    alias: null,
    issuers: ['ca.example'],
    critical: [],
    malformed: false,
    parameter: null,
  };
  return { kind: 'not-here', reason: 'dns-caa', fix: caaFix(refused), addresses };
}

interface Resolving {
  readonly scheduler: Scheduler;
  /** What DNS answers about a name now: the resolver may be away. */
  readonly seen: (name: string) => Place;
  readonly answersAt: { readonly dns: () => number };
}

/** The DNS gate for one worker: its question is a step of the schedule. */
export function unreliableDnsGate({ scheduler, seen, answersAt }: Resolving, actor: Actor): DnsGate {
  return async (name, terms) => {
    await scheduler.step(actor, `dns ${name}`, answersAt.dns());
    return findingOf(name, seen(name), terms);
  };
}

export function unreliableAskWww({ scheduler, seen, answersAt }: Resolving, actor: Actor): AskWww {
  return async (name, terms) => {
    await scheduler.step(actor, `dns ${name}`, answersAt.dns());
    return pointsOf(seen(name), terms.serverAddresses);
  };
}

function pointsOf(place: Place, serverAddresses: readonly string[]): Points {
  const addresses = ADDRESSES[place];
  const verdict = addressVerdict(
    { addresses, complete: place !== 'unanswered', exists: place !== 'none' },
    { serverAddresses, dnsReady: false },
  );
  return wwwVerdicts[verdict];
}
