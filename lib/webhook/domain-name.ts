import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { ACE_PREFIX, isALabel } from '../dns/a-label.ts';

/** The normal form of a name, or a sentence that says what is wrong with it. */
export type NormalizedDomain =
  | { readonly ok: true; readonly domain: string }
  | { readonly ok: false; readonly message: string };

/** Names that no public resolver answers (RFC 6761, RFC 6762, RFC 7686, ICANN's private-use `.internal`). */
const specialSuffixes = ['local', 'localhost', 'internal', 'test', 'invalid', 'onion'];

/** Far above what 253 octets of punycode can encode. Keeps hostile input away from the Unicode tables. */
const maxRawLength = 1_000;

/** Characters of a URL or a pattern, each with its own sentence: people paste what their browser shows. */
const telltales: readonly (readonly [RegExp, string])[] = [
  [/[/\\?#]/, 'Must be a host name only, without scheme or path'],
  [/@/, 'Must be a host name only, without user or password'],
  [/:/, 'Must be a host name only, without port'],
  [/\*/, 'Must be one host name, not a wildcard'],
  [/_/, 'Must not contain an underscore'],
  [/%/, 'Must not contain a percent sign'],
  [/\s/, 'Must not contain spaces'],
];

function refused(message: string): NormalizedDomain {
  return { ok: false, message };
}

/**
 * The form in which a host name is compared, stored and sent: trimmed, lower case, no trailing dot, IDN as punycode.
 * Applying it twice changes nothing. A bare public suffix (`co.uk`, `github.io`) is accepted: owners do serve some of
 * the private suffixes, and the DNS gate decides anyway whether a name points at the server.
 */
export function normalizeDomain(raw: string): NormalizedDomain {
  const trimmed = raw.trim();
  if (trimmed === '') return refused('Must not be empty');
  if (trimmed.length > maxRawLength) return refused('Must be at most 253 characters long');
  if (isIP(trimmed.replace(/^\[(.*)\]$/, '$1')) !== 0)
    return refused('Must be a host name, not an IP address');

  for (const [mark, message] of telltales) if (mark.test(trimmed)) return refused(message);

  // UTS #46 removes invisible characters and maps look-alike dots and letters; '' means that it refuses the name.
  const ascii = domainToASCII(trimmed).toLowerCase().replace(/\.$/, '');
  if (ascii === '') return refused('Must be a valid host name');
  return judge(ascii);
}

/** Checks the normal form, because UTS #46 may have produced new marks. */
function judge(domain: string): NormalizedDomain {
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  // `127.1`, `0x7f.1` and `2130706433` are addresses to every resolver (WHATWG URL, "ends in a number").
  if (/^(\d+|0x[\da-f]*)$/.test(last)) return refused('Must be a host name, not an IP address');
  if (domain.includes('_')) return refused('Must not contain an underscore');
  if (domain.length > 253) return refused('Must be at most 253 characters long');
  if (labels.includes('')) return refused('Must not have an empty label');
  if (labels.some((label) => label.length > 63))
    return refused('Must not have a label of more than 63 characters');
  if (!labels.every((label) => /^[a-z\d]([a-z\d-]*[a-z\d])?$/.test(label))) {
    return refused('Must consist of letters, digits and inner hyphens');
  }
  const mangled = labels.find((label) => label.startsWith(ACE_PREFIX) && !isALabel(label));
  if (mangled !== undefined) return refused(`Must be a valid host name; the label ${mangled} is no punycode`);
  if (specialSuffixes.includes(last)) return refused(`Must be a public name; .${last} is reserved`);
  if (labels.length < 2) return refused('Must have at least two labels, as in example.com');
  return { ok: true, domain };
}
