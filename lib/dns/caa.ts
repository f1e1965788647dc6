import type { CaaRecord } from 'node:dns';
import type { Questions } from './resolver.ts';

export interface CaaRefusal {
  readonly kind: 'refused';
  /** Where the set was found: the name itself or one above it. */
  readonly zone: string;
  /** The name that `zone` is an alias of, which holds the set. */
  readonly alias: string | null;
  /** The CAs that may issue. Only host names are shown. */
  readonly issuers: readonly string[];
  /** Unknown properties that are marked critical. */
  readonly critical: readonly string[];
  /** The parameter that admits Let's Encrypt, but in another way than RunCloud's. */
  readonly parameter: BindingParameter | null;
}

/**
 * RFC 8657. RunCloud's orders are validated by http-01 (docs/external-systems.md, "Certificates"). Its ACME account is
 * unknown, so an `accounturi` refuses too: it most likely names another account, and in basic mode an order that fails
 * for one name fails for all customers. A zone that pins RunCloud's own account only goes without the relay's orders.
 */
export type BindingParameter = 'validationmethods' | 'accounturi';

export type CaaVerdict =
  | { readonly kind: 'allowed' }
  | CaaRefusal
  | { readonly kind: 'unanswered'; readonly zone: string };

const ca = 'letsencrypt.org';
const knownTags: ReadonlySet<string> = new Set(['issue', 'issuewild', 'iodef']);

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

/** An `issue` property: the CA, and the parameter of RFC 8657 that excludes RunCloud. Others are specific to the CA. */
function issueIn(value: string): { issuer: string; parameter: BindingParameter | null } {
  const [issuer = '', ...parameters] = value.split(';').map((part) => part.trim());
  const valuesOf = (tag: BindingParameter): string[] =>
    parameters.flatMap((parameter) => {
      const [name = '', ...rest] = parameter.split('=').map((part) => part.trim());
      return name.toLowerCase() === tag ? [rest.join('=')] : [];
    });
  const method = (methods: string) => methods.split(',').some((one) => one.trim() === 'http-01');
  const bound = !valuesOf('validationmethods').every(method)
    ? 'validationmethods'
    : valuesOf('accounturi').length > 0
      ? 'accounturi'
      : null;
  return { issuer: issuer.toLowerCase(), parameter: bound };
}

/** Only host names are shown: any other text is of no use to a reader, and may be hostile. */
function isShowable(text: string) {
  return /^[a-z0-9_.-]{1,100}$/.test(text);
}

/** Whether a set lets Let's Encrypt issue for a plain name (RFC 8659, 4): `issuewild` and `iodef` do not restrict it. */
function caaSetVerdict(set: readonly CaaRecord[]) {
  const properties = set.map(toProperty);
  const critical = properties.filter((property) => property.critical && !knownTags.has(property.tag));
  const issues = properties.filter(({ tag }) => tag === 'issue').map(({ value }) => issueIn(value));
  const ours = issues.filter(({ issuer }) => issuer === ca);
  const free = ours.some(({ parameter }) => parameter === null);
  return {
    allowed: critical.length === 0 && (issues.length === 0 || free),
    issuers: issues.map(({ issuer }) => issuer).filter(isShowable),
    parameter: free ? null : (ours[0]?.parameter ?? null),
    critical: critical.map(({ tag }) => (isShowable(tag) ? tag : 'unreadable')),
  };
}

/** The name and all names above it, without the root (RFC 8659, 3). */
function zonesOf(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** The set nearest to the name decides. A question without an answer decides too, because the CA would refuse. */
export async function askCaa(questions: Questions, name: string): Promise<CaaVerdict> {
  for (const zone of zonesOf(name)) {
    const set = await questions.caa(zone);
    if (set === 'unanswered') return { kind: 'unanswered', zone };
    if (set === 'no-such-name' || set.length === 0) continue;
    const { allowed, ...found } = caaSetVerdict(set);
    if (allowed) return { kind: 'allowed' };
    return { kind: 'refused', zone, alias: await questions.alias(zone), ...found };
  }
  return { kind: 'allowed' };
}
