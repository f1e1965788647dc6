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
  /** Properties that nobody knows and that must not be ignored. */
  readonly critical: readonly string[];
}

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
const toProperty = (record: CaaRecord): Property => {
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
};

/** Parameters after the issuer are the CA's own affair. */
const issuerIn = (value: string): string => (value.split(';')[0] ?? '').trim().toLowerCase();

/** What is not a host name is of no use to a reader, and may be anything. */
const isShowable = (text: string) => /^[a-z0-9_.-]{1,100}$/.test(text);

/** Whether a set lets Let's Encrypt issue for a plain name (RFC 8659, 4): `issuewild` and `iodef` do not restrict it. */
const caaSetVerdict = (set: readonly CaaRecord[]) => {
  const properties = set.map(toProperty);
  const critical = properties.filter((property) => property.critical && !knownTags.has(property.tag));
  const issuers = properties.filter(({ tag }) => tag === 'issue').map(({ value }) => issuerIn(value));
  return {
    allowed: critical.length === 0 && (issuers.length === 0 || issuers.includes(ca)),
    issuers: issuers.filter(isShowable),
    critical: critical.map(({ tag }) => (isShowable(tag) ? tag : 'unreadable')),
  };
};

/** The name and all above it, the root left out (RFC 8659, 3). */
const zonesOf = (name: string): readonly string[] => {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
};

/** The set nearest to the name decides; a question without an answer decides too, for the CA would refuse. */
export const askCaa = async (questions: Questions, name: string): Promise<CaaVerdict> => {
  for (const zone of zonesOf(name)) {
    const set = await questions.caa(zone);
    if (set === 'unanswered') return { kind: 'unanswered', zone };
    if (set === 'no-such-name' || set.length === 0) continue;
    const { allowed, issuers, critical } = caaSetVerdict(set);
    if (allowed) return { kind: 'allowed' };
    return { kind: 'refused', zone, alias: await questions.alias(zone), issuers, critical };
  }
  return { kind: 'allowed' };
};
