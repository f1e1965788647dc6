import type { DnsReason } from '../../../../lib/dns/gate.ts';
import type { Place } from '../../chance/ssl-plan.ts';
import { FOREIGN, FOREIGN_IPV6, SERVER } from '../../world/certificates/internet.ts';

/** What the contract says about an address. Repeated here, because the relay's own rules are under test. */
interface PlaceRule {
  /** Why a certificate has to wait for the customer's DNS; null: it has not. */
  readonly delays: DnsReason | null;
  /** Also once the multisite has said that the name reaches it. */
  readonly evenIfReady: boolean;
  /** What the fix has to name besides the domain. */
  readonly fixNames: readonly string[];
  /** Whether a `www.` that points there is served; null: as it was. */
  readonly servesWww: boolean | null;
}

/** How long the multisite's proof that a name reaches it counts for an unknown address. */
export const PROOF_HOLDS_MS = 30 * 24 * 60 * 60_000;

const PASSES = { delays: null, evenIfReady: false, fixNames: [], servesWww: true } as const;

const RULES: Readonly<Record<Place, PlaceRule>> = {
  here: PASSES,
  proxied: PASSES,
  none: { delays: 'dns-none', evenIfReady: true, fixNames: [SERVER], servesWww: false },
  elsewhere: { delays: 'dns-mismatch', evenIfReady: false, fixNames: [SERVER, FOREIGN], servesWww: false },
  ipv6: { delays: 'dns-ipv6', evenIfReady: false, fixNames: [FOREIGN_IPV6], servesWww: false },
  // Who may issue certificates has nothing to do with where visitors get.
  caa: { delays: 'dns-caa', evenIfReady: true, fixNames: ['letsencrypt.org'], servesWww: true },
  unanswered: { delays: 'dns-unanswered', evenIfReady: true, fixNames: [], servesWww: null },
};

/** Why a certificate for a name that points there has to wait, and what its fix must name; null: it has not to wait. */
export function waitingAt(
  place: Place,
  ready: boolean,
): { readonly reason: DnsReason; readonly fixNames: readonly string[] } | null {
  const { delays, evenIfReady, fixNames } = RULES[place];
  return delays === null || (ready && !evenIfReady) ? null : { reason: delays, fixNames };
}

/** Whether `www.` has to be served that points there; without an answer it stays as it is. */
export function servesWwwAt(place: Place, served: boolean): boolean {
  return RULES[place].servesWww ?? served;
}
