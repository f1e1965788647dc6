import { Packet } from 'dns2';
import type { DnsRecords, DnsType, Found, Step } from './zone.ts';

/** A minute to live. */
const ttl = 60;

type Content = Partial<ConstructorParameters<typeof Packet.Resource>[0] & object> & { readonly type: number };

function contents(records: DnsRecords): Readonly<Record<DnsType, readonly Content[]>> {
  return {
    A: (records.A ?? []).map((address) => ({ type: Packet.TYPE.A, address })),
    AAAA: (records.AAAA ?? []).map((address) => ({ type: Packet.TYPE.AAAA, address })),
    CNAME: records.CNAME === undefined ? [] : [{ type: Packet.TYPE.CNAME, domain: records.CNAME }],
    CAA: (records.CAA ?? []).map(({ flags = 0, tag, value }) => ({
      type: Packet.TYPE.CAA,
      flags,
      tag,
      value,
    })),
    TXT: (records.TXT ?? []).map((data) => ({ type: Packet.TYPE.TXT, data })),
  };
}

const known: ReadonlyMap<number, DnsType> = new Map<number, DnsType>([
  [Packet.TYPE.A, 'A'],
  [Packet.TYPE.AAAA, 'AAAA'],
  [Packet.TYPE.CNAME, 'CNAME'],
  [Packet.TYPE.CAA, 'CAA'],
  [Packet.TYPE.TXT, 'TXT'],
]);

/** The type's name; undefined for one this server keeps no records of. */
export function dnsType(code: number): DnsType | undefined {
  return known.get(code);
}

function resources({ name, records }: Step, type: DnsType) {
  return contents(records)[type].map(
    (content) => new Packet.Resource({ name, class: Packet.CLASS.IN, ttl, ...content }),
  );
}

const rcodes = {
  exists: Packet.RCODE.NOERROR,
  'no-such-name': Packet.RCODE.NXDOMAIN,
  endless: Packet.RCODE.SERVFAIL,
} as const;

/** A recursive resolver's answer: the aliases in their order, then what the last of them holds. */
export function answerTo(request: Packet, found: Found, type: DnsType | undefined): Packet {
  const response = Packet.createResponseFromRequest(request);
  response.header.ra = 1;
  response.header.rcode = rcodes[found.outcome];
  for (const step of found.outcome === 'endless' ? [] : found.steps) {
    const isAlias = step.records.CNAME !== undefined;
    if (isAlias) response.answers.push(...resources(step, 'CNAME'));
    else if (type !== undefined) response.answers.push(...resources(step, type));
  }
  return response;
}

export function refusal(request: Packet, fault: 'servfail' | 'refused'): Packet {
  return Packet.createErrorResponseFromRequest(
    request,
    fault === 'servfail' ? Packet.RCODE.SERVFAIL : Packet.RCODE.REFUSED,
  );
}
