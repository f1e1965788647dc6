import type { DomainMoment, OutcomeItem } from '../ledger/items/outcome-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { fixOf } from '../notices/fixes.ts';
import { toView } from '../status/view.ts';

async function domainData(
  network: string,
  { domain: name, inReplyTo }: DomainMoment,
  ledger: Pick<Ledger, 'read'>,
): Promise<object | undefined> {
  const item = (await ledger.read(domainKey(network, name)))?.item;
  if (item === undefined) return undefined;
  const certificate = await unlessUnreadable(() => ledger.read(certificateKey(network, name)));
  const { domain, wanted, hosting, certificate: shown, lastError } = toView(item, certificate?.item);
  const { siteId, domainId } = item;
  return { network, domain, wanted, siteId, domainId, inReplyTo, hosting, certificate: shown, lastError };
}

/**
 * What an outcome says, as JSON: of a domain what a read shows at this moment, so a late outcome is not out of date. Undefined:
 * the domain is forgotten.
 */
export async function bodyOf(
  { network, content }: Pick<OutcomeItem, 'network' | 'content'>,
  ledger: Pick<Ledger, 'read'>,
): Promise<string | undefined> {
  const { type } = content;
  const timestamp = toInstant(content.at);
  if ('domain' in content) {
    const data = await domainData(network, content, ledger);
    return data === undefined ? undefined : JSON.stringify({ type, timestamp, data });
  }
  const { code, message, since } = content;
  return JSON.stringify({ type, timestamp, data: { network, code, message, fix: fixOf(code), since } });
}
