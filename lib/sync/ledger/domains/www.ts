import type { DomainItem } from '../items/domain-item.ts';

export const WWW = 'www.';

/** How long one name's DNS is asked. */
export const DNS_TIMEOUT_MS = 5_000;

/** Only a bare name is served with its `www.`, and only where that is wanted. */
export function mayServeWww({ domain, www }: Pick<DomainItem, 'domain' | 'www'>): boolean {
  return www && !domain.startsWith(WWW);
}

/** Where a name points: at the server, at a proxy that may stand before it, at others, nowhere, or DNS did not answer. */
export type Points = 'here' | 'proxied' | 'elsewhere' | 'none' | 'unanswered';

/** Asks where a `www.` name points. Never throws for what DNS says or does not say. */
export type AskWww = (
  name: string,
  terms: { readonly serverAddresses: readonly string[]; readonly timeoutMs: number },
) => Promise<Points>;

/** Where `www.` points decides whether it is served; without an answer everything stays as it is. */
export function wwwToServe(points: Points, served: boolean | null): boolean {
  switch (points) {
    case 'here':
    case 'proxied':
      return true;
    case 'elsewhere':
    case 'none':
      return false;
    case 'unanswered':
      return served ?? false;
  }
}
