import type { CaaRecord } from 'node:dns';

/** What Let's Encrypt calls itself in CAA records. */
const ourName = 'letsencrypt.org';

/** The properties that Boulder knows; it reads `issue` alone for a plain name. */
const knownTags = ['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc'];

/** `letsencrypt.org`, then parameters: a semicolon before each, no blank within, and none of them empty. */
const value =
  /^[ \t]*(?<issuer>[^;]*?)[ \t]*(?:;[ \t]*|(?<parameters>(?:;[ \t]*[a-z\d]+[ \t]*=[ \t]*[!-:<-~]*[ \t]*)*))$/i;

function inLowerCase(property: CaaRecord): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(property).map(([key, field]) => [key.toLowerCase(), field]));
}

function names(text: string): boolean {
  const { issuer, parameters = '' } = value.exec(text)?.groups ?? {};
  if (issuer !== ourName) return false;
  // The account is not this CA's, whatever it is.
  if (/;[ \t]*accounturi[ \t]*=/i.test(parameters)) return false;
  const lists = [...parameters.matchAll(/;[ \t]*validationmethods[ \t]*=[ \t]*([!-:<-~]*)/gi)];
  return (
    lists.length === 0 || (lists.length === 1 && /^(?:[a-z\d-]+,)*http-01(?:,|$)/.test(lists[0]?.[1] ?? ''))
  );
}

/** Whether a CAA set lets this CA issue for a plain name by http-01. It decides by code of its own. */
export function caaAllows(set: readonly CaaRecord[]): boolean {
  const properties = set.map(inLowerCase);
  const strange = properties.some(
    (property) =>
      (Number(property.get('critical')) & 129) !== 0 && !knownTags.some((tag) => property.has(tag)),
  );
  const issues = properties.flatMap((property) =>
    property.has('issue') ? [String(property.get('issue'))] : [],
  );
  return !strange && (issues.length === 0 || issues.some(names));
}
