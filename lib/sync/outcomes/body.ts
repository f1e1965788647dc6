import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { DomainMoment, OutcomeItem } from '../ledger/items/outcome-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { fixOf } from '../notices/fixes.ts';
import { toView } from '../status/view.ts';

/** A domain that is settled anew between any two reads: its next outcome follows anyway. */
const MOST_READS = 5;

function toldAt(item: Pick<DomainItem | CertificateItem, 'told'> | undefined): number {
  return item?.told?.at ?? 0;
}

interface Standing {
  readonly item: DomainItem;
  readonly certificate: CertificateItem | undefined;
}

/**
 * Where a name stands at one moment. If the certificate was told of after all that the domain shows, the domain is read again: it may
 * have changed before that, and would be shown with the newest timestamp in an old state.
 */
async function standingOf(
  network: string,
  { domain: name, at }: DomainMoment,
  ledger: Pick<Ledger, 'read'>,
): Promise<Standing | undefined> {
  const readDomain = async () => (await ledger.read(domainKey(network, name)))?.item;
  let item = await readDomain();
  for (let reads = 1; item !== undefined; reads += 1) {
    const read = await unlessUnreadable(() => ledger.read(certificateKey(network, name)));
    const certificate = read?.item;
    const isCurrent = toldAt(certificate) <= Math.max(at, toldAt(item));
    if (isCurrent || reads === MOST_READS) return { item, certificate };
    const again = await readDomain();
    if (again !== undefined && toldAt(again) === toldAt(item)) return { item: again, certificate };
    item = again;
  }
  return undefined;
}

async function domainData(
  network: string,
  moment: DomainMoment,
  ledger: Pick<Ledger, 'read'>,
): Promise<{ readonly data: object; readonly at: number } | undefined> {
  const standing = await standingOf(network, moment, ledger);
  if (standing === undefined) return undefined;
  const { item } = standing;
  const { domain, wanted, hosting, certificate, lastError } = toView(item, standing.certificate);
  const { siteId, domainId } = item;
  const { inReplyTo, at } = moment;
  const data = { network, domain, wanted, siteId, domainId, inReplyTo, hosting, certificate, lastError };
  return { data, at: Math.max(at, toldAt(item), toldAt(standing.certificate)) };
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
