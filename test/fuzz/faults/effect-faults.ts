import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import type { RecordedVersion } from '../../../lib/sync/ledger/arrival.ts';
import type { Version } from '../../../lib/sync/ledger/desired-state.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { freshNetwork } from '../../../lib/sync/ledger/items/network-item.ts';
import type { WorkItem } from '../../../lib/sync/ledger/items/work-item.ts';
import type { DelayedMessage } from '../../../lib/sync/ledger/ports.ts';
import type { Holdings } from '../holdings.ts';
import { now } from '../networks.ts';
import { type Confirmation, effectOf, recordedAs } from '../oracle/effect.ts';
import { mayAccept } from '../oracle/oracle.ts';
import type { Answered } from '../world.ts';
import { parsed } from './parsed.ts';
import { same } from './same.ts';

const acceptedSchema = z.strictObject({
  id: z.string(),
  network: z.string(),
  domain: z.string(),
  status: z.enum(['accepted', 'duplicate', 'superseded']),
  latest: z.string(),
  statusUrl: z.string(),
});

/** Requests for certificates gather for a third of their first wait, which is a minute here. */
const batchSeconds = 20;

interface Name {
  readonly network: string;
  readonly domain: string;
}

function isAbout({ network, domain }: Name) {
  return (item: Name) => item.network === network && item.domain === domain;
}

/** The ledger but for what it holds about one name. */
function besides({ ledger }: Holdings, name: Name): Holdings['ledger'] {
  const isOther = (item: Name) => !isAbout(name)(item);
  return {
    ...ledger,
    domain: ledger.domain.filter(isOther),
    certificate: ledger.certificate.filter(isOther),
  };
}

function about({ ledger }: Holdings, name: Name) {
  return {
    domain: ledger.domain.find(isAbout(name)),
    certificate: ledger.certificate.find(isAbout(name)),
  };
}

/** A network has its item before its first certificate, because the sweep finds certificates by it. */
function listed(ledger: Holdings['ledger'], network: string): Holdings['ledger'] {
  const all = [...ledger.network, freshNetwork(network)];
  return ledger.network.some((item) => item.network === network)
    ? ledger
    : { ...ledger, network: all.toSorted((a, b) => (a.network < b.network ? -1 : 1)) };
}

type Versioned = WorkItem & { readonly version: RecordedVersion | null };

/** Whether this update has been recorded, as work that is due at once. */
function isUpdateOf(version: Version, before: Versioned | undefined, after: Versioned | undefined): boolean {
  return (
    after !== undefined &&
    same(after.version, recordedAs(version, before?.version ?? null)) &&
    after.dueAt === now &&
    after.sendAt !== null &&
    after.revision > (before?.revision ?? 0)
  );
}

/** A superseded update changes nothing, except that a later proof of DNS is recorded. */
function isKept(
  version: Version,
  before: CertificateItem | undefined,
  after: CertificateItem | undefined,
): boolean {
  if (same(after, before)) return true;
  if (before === undefined || after === undefined) return false;
  const provenAt = Date.parse(version.timestamp);
  return (
    provenAt > (before.dnsReadyAt ?? 0) && same(after, { ...before, dnsReadyAt: Math.min(provenAt, now) })
  );
}

const awaited: ReadonlySet<string> = new Set(['pending', 'waiting-dns', 'requested']);

/**
 * An addition that leaves its domain without open work may have taken a removal back, so it makes a certificate due that is awaited.
 */
function isResumed(
  request: Confirmation['request'],
  domain: Holdings['ledger']['domain'][number] | undefined,
  before: CertificateItem | undefined,
): before is CertificateItem {
  return (
    request === 'present' && domain?.dueAt === null && before?.wanted === true && awaited.has(before.state)
  );
}

function resumed(item: CertificateItem): CertificateItem {
  const dueAt = Math.min(item.dueAt ?? now, now);
  return { ...item, revision: item.revision + 1, dueAt, sendAt: dueAt };
}

/** What matters of an item, to be read by a person. */
function shown(
  item: { readonly wanted: unknown; readonly version: unknown; readonly dueAt: unknown } | undefined,
) {
  return item === undefined
    ? 'nothing'
    : JSON.stringify({ wanted: item.wanted, version: item.version, dueAt: item.dueAt });
}

function messageFaults(
  queue: string,
  sent: readonly DelayedMessage[],
  [least, most]: readonly [number, number],
  right: DelayedMessage,
): string[] {
  return sent.length >= least && sent.length <= most && sent.every((message) => same(message, right))
    ? []
    : [`sends the ${queue} queue ${JSON.stringify(sent)}, not ${least} to ${most} messages`];
}

/** A call that is not accepted leaves everything as it was; only that it asks RunCloud is put on record. */
function refusalFaults(status: number, mayAsk: boolean, { before, after }: Answered): string[] {
  return [
    ...(same(mayAsk ? { ...after.ledger, rateLimit: before.ledger.rateLimit } : after.ledger, before.ledger)
      ? []
      : [`writes at ${status}`]),
    ...(same(
      [after.domainMessages, after.certificateMessages],
      [before.domainMessages, before.certificateMessages],
    )
      ? []
      : [`messages at ${status}`]),
  ];
}

function confirmationFaults(
  name: Name,
  { request, version }: Confirmation,
  said: z.infer<typeof acceptedSchema>,
  { before, after }: Answered,
): string[] {
  const [was, is] = [about(before, name), about(after, name)];
  const effect = effectOf({ name: name.domain, request, version }, was);
  const others = besides(before, name);
  const isDomainRight =
    effect.domain === undefined
      ? same(is.domain, was.domain)
      : is.domain?.wanted === effect.domain && isUpdateOf(version, was.domain, is.domain);
  const kept = isResumed(request, is.domain, was.certificate) ? resumed(was.certificate) : was.certificate;
  const isCertificateRight = effect.certificate
    ? is.certificate?.wanted === true && isUpdateOf(version, was.certificate, is.certificate)
    : effect.status === 'superseded'
      ? isKept(version, kept, is.certificate)
      : same(is.certificate, kept);
  return [
    ...(said.status === effect.status && said.latest === effect.latest && said.id === version.id
      ? []
      : [`says ${said.id} ${said.status} ${said.latest}, not ${effect.status} ${effect.latest}`]),
    ...(said.statusUrl.endsWith(`/${name.network}/domains/${name.domain}`)
      ? []
      : [`leads to ${said.statusUrl}`]),
    ...(isDomainRight ? [] : [`${effect.status}: leaves the domain as ${shown(is.domain)}`]),
    ...(isCertificateRight ? [] : [`${effect.status}: leaves the certificate as ${shown(is.certificate)}`]),
    ...(same(besides(after, name), effect.listsNetwork ? listed(others, name.network) : others)
      ? []
      : ['changes something else']),
    ...messageFaults('domain', after.domainMessages, effect.domainMessages, {
      message: name,
      delaySeconds: 0,
    }),
    ...messageFaults('certificate', after.certificateMessages, effect.certificateMessages, {
      message: { network: name.network },
      delaySeconds: batchSeconds,
    }),
  ];
}

/** What is wrong with what a call has brought about: at 202 the effect of that update, otherwise none. */
export function effectFaults(
  { routeKey, pathParameters }: APIGatewayProxyEventV2,
  confirmation: Confirmation | undefined,
  answered: Answered,
): string[] {
  const network = pathParameters?.network ?? '';
  const { statusCode = 0, body } = answered.reply;
  if (statusCode !== 202) return refusalFaults(statusCode, routeKey.endsWith('/connection'), answered);
  const said = acceptedSchema.safeParse(parsed(body)).data;
  if (said === undefined) return ['accepts without saying what'];
  const isName = confirmation?.name === undefined || said.domain === confirmation.name;
  if (confirmation === undefined || said.network !== network || !isName || !mayAccept(network, said.domain)) {
    return [
      `accepts ${said.domain} of ${said.network}, not ${confirmation?.name ?? 'a name of the network'}`,
    ];
  }
  return confirmationFaults({ network, domain: said.domain }, confirmation, said, answered);
}
