import type { DomainMoment, OutcomeItem } from '../ledger/items/outcome-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { fixOf } from '../notices/fixes.ts';
import { toView } from '../status/view.ts';

async function domainData(
  network: string,
  { domain: name, inReplyTo, at }: DomainMoment,
  ledger: Pick<Ledger, 'read'>,
): Promise<{ readonly data: object; readonly at: number } | undefined> {
  const item = (await ledger.read(domainKey(network, name)))?.item;
  if (item === undefined) return undefined;
  const certificate = await unlessUnreadable(() => ledger.read(certificateKey(network, name)));
  const { domain, wanted, hosting, certificate: shown, lastError } = toView(item, certificate?.item);
  const { siteId, domainId } = item;
  const data = {
    network,
    domain,
    wanted,
    siteId,
    domainId,
    inReplyTo,
    hosting,
    certificate: shown,
    lastError,
  };
  return { data, at: Math.max(at, item.told?.at ?? 0, certificate?.item.told?.at ?? 0) };
}

/**
 * What an outcome says, as JSON: of a domain what a read shows at this moment, so a late outcome is not out of date, and with a
 * timestamp that is not before any outcome of this name by then: the clocks of two workers differ, and the receiver keeps the
 * newest. Undefined: the domain is forgotten.
 */
export async function bodyOf(
  { network, content }: Pick<OutcomeItem, 'network' | 'content'>,
  ledger: Pick<Ledger, 'read'>,
): Promise<string | undefined> {
  const { type } = content;
  if ('domain' in content) {
    const shown = await domainData(network, content, ledger);
    if (shown === undefined) return undefined;
    return JSON.stringify({ type, timestamp: toInstant(shown.at), data: shown.data });
  }
  const timestamp = toInstant(content.at);
  const { code, message, since } = content;
  return JSON.stringify({ type, timestamp, data: { network, code, message, fix: fixOf(code), since } });
}
