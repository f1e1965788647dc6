import type { CaaRecord } from 'node:dns';
import type { Questions } from './resolver.ts';

export interface CaaRefusal {
  readonly kind: 'refused';
  /** Where the set was found: the name itself or one above it. */
  readonly zone: string;
  /** What `zone` is an alias of: the set is kept there. */
  readonly alias: string | null;
  /** Who may issue, as far as that can be shown. */
  readonly issuers: readonly string[];
  /** Unknown properties that must not be ignored. */
  readonly critical: readonly string[];
  /** What binds Let's Encrypt, though it is named, to another way than RunCloud's. */
  readonly parameter: BindingParameter | null;
}

/**
 * RFC 8657. RunCloud's orders are validated by http-01 (docs/external-systems.md, "Certificates"). Its ACME account cannot be known, so
 * an `accounturi` refuses too: it most likely names somebody else's, and in basic mode an order that fails for one name
 * fails for all customers. Whoever has pinned RunCloud's own account only does without orders of the relay.
 */
export type BindingParameter = 'validationmethods' | 'accounturi';

export type CaaVerdict =
  | { readonly kind: 'allowed' }
  | CaaRefusal
  | { readonly kind: 'unanswered'; readonly zone: string };

const ca = 'letsencrypt.org';
const knownTags: ReadonlySet<string> = new Set(['issue', 'issuewild', 'iodef']);

/** 128 by RFC 8659; Let's Encrypt takes 1, a wide-spread mistake, for the same (letsencrypt/boulder: va/caa.go). */
const criticalFlags = 128 | 1;

interface Property {
  readonly tag: string;
  readonly value: string;
  readonly critical: boolean;
}

/** Node tells a property as `{critical, type: 'CAA', [tag]: value}`, and lets a tag of those names overwrite them. */
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
    // Overwritten, it can no longer be seen: the CA may see it.
    critical: typeof flags !== 'number' || (flags & criticalFlags) !== 0,
  };
}

/** An `issue` property: who, and on which of the terms that every CA knows. Other parameters are the CA's own affair. */
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

/** What is not a host name is of no use to a reader, and may be anything. */
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

/** The name and all above it, the root left out (RFC 8659, 3). */
function zonesOf(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** The set nearest to the name decides; a question without an answer decides too, for the CA would refuse. */
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
