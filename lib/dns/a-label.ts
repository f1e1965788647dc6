import { domainToASCII, domainToUnicode } from 'node:url';

/** The beginning of a label that stands for other characters (RFC 5890, 2.3.2.1). */
export const ACE_PREFIX = 'xn--';

/**
 * Whether such a label is a real one: it decodes, to more than ASCII, and encodes to itself again. Node 24 lets others
 * pass as they are, so only the way back shows it.
 */
export function isALabel(label: string): boolean {
  const decoded = domainToUnicode(label);
  return decoded !== '' && decoded !== label && domainToASCII(decoded) === label;
}
