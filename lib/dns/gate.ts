import { lookUp } from './addresses.ts';
import { askCaa } from './caa.ts';
import { addressFix, caaFix, caaUnansweredFix } from './fix.ts';
import { type Questions, withResolver } from './resolver.ts';
import { type AddressReason, type AddressVerdict, addressVerdict } from './verdict.ts';

export type DnsReason = AddressReason | 'dns-caa';

export interface GateTerms {
  /** The server's address according to RunCloud, and SERVER_ADDRESSES. */
  readonly serverAddresses: readonly string[];
  /** DNS_TARGET: the name to point at, if set. */
  readonly dnsTarget: string | null;
  /** The multisite has proven that the name reaches it (ssl_retry reason dns_ready). */
  readonly dnsReady: boolean;
  readonly timeoutMs: number;
}

export type DnsFinding =
  /** Every address is the server's. */
  | { readonly kind: 'here'; readonly addresses: readonly string[] }
  /** Passes, but visitors reach the server through a known proxy, or (dns_ready) through unknown addresses. */
  | { readonly kind: 'proxied'; readonly addresses: readonly string[] }
  | {
      readonly kind: 'not-here';
      readonly reason: DnsReason;
      readonly fix: string;
      readonly addresses: readonly string[];
      /** All that is missing is leave for Let's Encrypt: visitors reach the server, and do so through a proxy. */
      readonly proxied?: boolean;
    };

/** Whether a certificate may be ordered. No answer of DNS, and no missing one, makes it throw. */
export type DnsGate = (name: string, terms: GateTerms) => Promise<DnsFinding>;

async function finding(questions: Questions, name: string, terms: GateTerms): Promise<DnsFinding> {
  const found = await lookUp(questions, name);
  const { addresses } = found;
  const verdict = addressVerdict(found, terms);
  if (verdict !== 'here' && verdict !== 'proxied') {
    const alias = verdict === 'dns-none' ? await questions.alias(name) : null;
    return {
      kind: 'not-here',
      reason: verdict,
      fix: addressFix(verdict, name, found, terms, alias),
      addresses,
    };
  }
  const caa = await askCaa(questions, name);
  if (caa.kind === 'allowed') return { kind: verdict, addresses };
  const why =
    caa.kind === 'refused'
      ? { reason: 'dns-caa' as const, fix: caaFix(caa) }
      : { reason: 'dns-unanswered' as const, fix: caaUnansweredFix(caa.zone) };
  return { kind: 'not-here', ...why, addresses, ...(verdict === 'proxied' && { proxied: true }) };
}

/** Where visitors reach the server through a proxy; [] where they do not. */
export function proxyAddresses(found: DnsFinding): readonly string[] {
  const isProxied = found.kind === 'proxied' || (found.kind === 'not-here' && found.proxied === true);
  return isProxied ? found.addresses : [];
}

/** Asks these resolvers; none: the system's. */
export function dnsGate(servers: readonly string[]): DnsGate {
  return (name, terms) =>
    withResolver(servers, terms.timeoutMs, (questions) => finding(questions, name, terms));
}

/** Where `www.` points, for the decision to serve it. CAA and dns_ready do not matter. */
export type WwwGate = (
  name: string,
  terms: Pick<GateTerms, 'serverAddresses' | 'timeoutMs'>,
) => Promise<'here' | 'proxied' | 'elsewhere' | 'none' | 'unanswered'>;

/** What an address verdict means for `www.`. */
export const wwwVerdicts = {
  here: 'here',
  proxied: 'proxied',
  'dns-mismatch': 'elsewhere',
  'dns-ipv6': 'elsewhere',
  'dns-none': 'none',
  'dns-unanswered': 'unanswered',
} as const satisfies Record<AddressVerdict, string>;

/** Asks these resolvers; none: the system's. */
export function wwwGate(servers: readonly string[]): WwwGate {
  return (name, { serverAddresses, timeoutMs }) =>
    withResolver(servers, timeoutMs, async (questions) => {
      const found = await lookUp(questions, name);
      return wwwVerdicts[addressVerdict(found, { serverAddresses, dnsReady: false })];
    });
}
