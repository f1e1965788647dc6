import type { CaaRecord } from 'node:dns';
import { type IssueValue, parseIssueValue } from './caa-value.ts';

/**
 * RFC 8657. RunCloud's orders are validated by http-01 (docs/external-systems.md, "Certificates"). Its ACME account is
 * unknown, so an `accounturi` refuses too: it most likely names another account, and in basic mode an order that fails
 * for one name fails for all customers. A zone that pins RunCloud's own account only goes without the relay's orders.
 */
export type BindingParameter = 'validationmethods' | 'accounturi';

export interface CaaSetVerdict {
  readonly allowed: boolean;
  /** The CAs that may issue. Only host names are shown. */
  readonly issuers: readonly string[];
  /** Unknown properties that are marked critical. */
  readonly critical: readonly string[];
  /** A property that seems to name Let's Encrypt is malformed, so it names no CA. */
  readonly malformed: boolean;
  /** The parameter that admits Let's Encrypt, but in another way than RunCloud's. */
  readonly parameter: BindingParameter | null;
}

const ca = 'letsencrypt.org';

/** What Let's Encrypt knows; of these only `issue` is about a plain name of a web server. */
const knownTags: ReadonlySet<string> = new Set(['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc']);

/** 128 by RFC 8659; Let's Encrypt also accepts 1, a widespread mistake (letsencrypt/boulder: va/caa.go). */
const criticalFlags = 128 | 1;

interface Property {
  readonly tag: string;
  readonly value: string;
  readonly critical: boolean;
}

/** Node gives a property as `{critical, type: 'CAA', [tag]: value}`. A tag with one of these names overwrites the field. */
function toProperty(record: CaaRecord): Property {
  const { critical, ...rest } = record;
  const flags: unknown = critical;
  const [tag, value] = Object.entries(rest).find(([key, text]) => key !== 'type' || text !== 'CAA') ?? [
    '',
    '',
  ];
  return {
    tag: tag.toLowerCase(),
    value: String(value),
    // An overwritten flag counts as critical, because the CA may see it set.
    critical: typeof flags !== 'number' || (flags & criticalFlags) !== 0,
  };
}

/** One malformed method spoils the list, and so does a second list. */
function allowsMethod(lists: readonly string[]): boolean {
  const methods = lists.flatMap((list) => list.split(','));
  const wellFormed = methods.every((method) => /^[a-z\d-]+$/i.test(method));
  return lists.length === 0 || (lists.length === 1 && wellFormed && methods.includes('http-01'));
}

/** Others than these two are specific to a CA, and Let's Encrypt has none. */
function bindingOf({ parameters }: IssueValue): BindingParameter | null {
  const valuesOf = (name: BindingParameter): string[] =>
    parameters.flatMap(([tag, value]) => (tag.toLowerCase() === name ? [value] : []));
  if (!allowsMethod(valuesOf('validationmethods'))) return 'validationmethods';
  return valuesOf('accounturi').length > 0 ? 'accounturi' : null;
}

/** Only host names are shown: any other text is of no use to a reader, and may be hostile. */
function isShowable(text: string) {
  return /^[a-z0-9_.-]{1,100}$/i.test(text);
}

function seemsOurs(value: string): boolean {
  return value.toLowerCase().includes(ca);
}

/** Whether a set lets Let's Encrypt issue for a plain name (RFC 8659, 4): `issuewild` and `iodef` do not restrict it. */
export function caaSetVerdict(set: readonly CaaRecord[]): CaaSetVerdict {
  const properties = set.map(toProperty);
  const critical = properties.filter((property) => property.critical && !knownTags.has(property.tag));
  const values = properties.filter(({ tag }) => tag === 'issue').map(({ value }) => value);
  const issues = values.map(parseIssueValue).filter((issue) => issue !== undefined);
  // Let's Encrypt compares its name letter by letter.
  const bindings = issues.filter(({ issuer }) => issuer === ca).map(bindingOf);
  const free = bindings.includes(null);
  return {
    allowed: critical.length === 0 && (values.length === 0 || free),
    issuers: issues.map(({ issuer }) => issuer).filter(isShowable),
    critical: critical.map(({ tag }) => (isShowable(tag) ? tag : 'unreadable')),
    malformed: values.some((value) => seemsOurs(value) && parseIssueValue(value) === undefined),
    parameter: free ? null : (bindings[0] ?? null),
  };
}
