export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'CAA' | 'TXT';

/** An RFC 8659 property: `0 issue "letsencrypt.org"` is `{ tag: 'issue', value: 'letsencrypt.org' }`. */
export interface CaaProperty {
  /** Default 0; 128 is critical. */
  readonly flags?: number;
  readonly tag: string;
  readonly value: string;
}

/** What a question gets instead of a plain answer. */
export type DnsFault = 'servfail' | 'refused' | 'silence' | { readonly delayMs: number };

/** All that is known of a name. None of it: the name exists, and holds nothing. */
export interface DnsRecords {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly CNAME?: string;
  readonly CAA?: readonly CaaProperty[];
  readonly TXT?: readonly string[];
  /** By the type that is asked for; `every` holds for types without one of their own. */
  readonly faults?: Readonly<Partial<Record<DnsType | 'every', DnsFault>>>;
}

export type DnsZone = Readonly<Record<string, DnsRecords>>;

/** One name of the chain of aliases that a question walks along, as written in the zone. */
export interface Step {
  readonly name: string;
  readonly records: DnsRecords;
}

export interface Found {
  /** The name asked for, then what it is an alias of, and so on. */
  readonly steps: readonly Step[];
  /** `no-such-name`: the last name of the chain does not exist. `endless`: the aliases lead nowhere, or in a circle. */
  readonly outcome: 'exists' | 'no-such-name' | 'endless';
}

const maxAliases = 8;

/** DNS tells no case apart, and a final dot only says that the name is complete. */
export function zoneKey(name: string) {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Follows the aliases from a name; a question for the alias itself follows none. */
export function findInZone(zone: ReadonlyMap<string, DnsRecords>, name: string, type: string): Found {
  const steps: Step[] = [];
  for (let next = zoneKey(name); steps.length <= maxAliases; ) {
    const records = zone.get(next);
    if (records === undefined) {
      // A name that others lie under exists, though it holds nothing (RFC 8020).
      const exists = [...zone.keys()].some((other) => other.endsWith(`.${next}`));
      return { steps, outcome: exists ? 'exists' : 'no-such-name' };
    }
    steps.push({ name: next, records });
    if (records.CNAME === undefined || type === 'CNAME') return { steps, outcome: 'exists' };
    next = zoneKey(records.CNAME);
  }
  return { steps, outcome: 'endless' };
}
