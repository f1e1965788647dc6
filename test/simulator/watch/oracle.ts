import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import { isSameApp } from '../../../lib/sync/ledger/same-app.ts';
import { isNewer } from '../../support/is-newer.ts';
import { DOMAINS, type PlannedUpdate } from '../chance/planned-updates.ts';
import type { OperatorActions } from '../world/incidents/operator-actions.ts';
import { isForeign } from '../world/runcloud/foreign-rows.ts';
import { keepsWww } from '../world/runcloud/protected-domains.ts';
import { domainOf, retryVersionOf, versionOf } from '../world/senders.ts';
import { hostingOf, PROTECTED, START, THERE_BEFORE, type World } from '../world/world.ts';
import { isFromBeforeMove, isOfLeftApplication } from './left-application.ts';
import { isRightlyKept, wronglyGivenUp } from './wrongly-failed.ts';

const REMEMBERED_MS = 32 * 24 * 60 * 60_000;

/** True once nothing is under way: no open work, nothing owed, nothing visible or hidden in the queue. */
export function isAtRest({ ledger, queue, unconfirmed, deadLettersUnderWay }: World): boolean {
  return (
    unconfirmed === 0 &&
    deadLettersUnderWay === 0 &&
    // The daily comparison of the network goes on for ever, whatever else is done.
    queue.waiting().every(({ message }) => message.domain === undefined) &&
    ledger
      .all('domain')
      .every(({ dueAt, toSend, owner }) => dueAt === null && toSend.length === 0 && owner === null) &&
    ledger.all('outcome').every(({ state, toSend }) => state !== 'open' && toSend.length === 0) &&
    ledger.all('network').every(({ requeue, toSend }) => requeue === null && toSend.length === 0)
  );
}

/** What the multisite has said of a domain, under which id. */
interface LatestUpdate extends Pick<PlannedUpdate, 'wanted' | 'saidAt'> {
  readonly domain: string;
  readonly id: string;
  readonly timestamp: string;
}

type Items = ReadonlyMap<string, DomainItem>;

/**
 * Every update that was recorded. One that was recorded, then refused as a repeat because no answer had reached its
 * sender, may count or not. A retry is an update about a domain only if it was the first event about it.
 */
function recordedUpdates({ said, announced, announcing, scenario }: World, items: Items): LatestUpdate[] {
  const updates = said.map((update, index) => ({
    ...update,
    ...versionOf(update, index),
    domain: domainOf(update),
  }));
  const retries = (scenario.ssl?.retries ?? []).map((retry, index) => ({
    ...retryVersionOf(retry, index),
    domain: domainOf(retry),
    wanted: 'present' as const,
    saidAt: retry.saidAt,
  }));
  return [
    ...updates.filter(
      ({ domain, id }, index) => announced.has(index) || items.get(domain)?.version.id === id,
    ),
    ...retries.filter(({ id }) => announcing.has(id)),
  ];
}

/** The last update that was recorded about each domain. */
function latestUpdates(world: World, items: Items): Map<string, LatestUpdate> {
  const last = new Map<string, LatestUpdate>();
  for (const update of recordedUpdates(world, items)) {
    const before = last.get(update.domain);
    if (before === undefined || isNewer(update, before, world.arrivals.of(update.domain)))
      last.set(update.domain, update);
  }
  return last;
}

/** A move shows at the first pass whose cached secret is younger; without a pass, at a comparison. */
export function hasNoticedApp({ ledger, runclouds, current }: World): boolean {
  return ledger
    .all('network')
    .every(({ claim }) => claim === null || isSameApp(claim, runclouds[current].app));
}

/** Done, and remembered for longer than any update about it may be late. */
function mayBeForgotten({ scheduler }: World, { wanted, saidAt }: LatestUpdate): boolean {
  return wanted === 'absent' && scheduler.now() > START + saidAt * 1_000 + REMEMBERED_MS;
}

/** A removal was recorded, its sender got no answer, and the domain was forgotten since. */
function removedUnconfirmed({ said, announced, forgotten }: World, domain: string): boolean {
  const removed = said.some(
    (update, index) => update.wanted === 'absent' && domainOf(update) === domain && !announced.has(index),
  );
  return removed && forgotten.has(`domain#${domain}`);
}

function hostingFaults(
  world: World,
  promoted: number | undefined,
  operatorActions: OperatorActions,
): string[] {
  if (!hasNoticedApp(world)) return ['the relay still tends the application that the secret no longer names'];
  const faults: string[] = [];
  const rows = [...hostingOf(world).rows.values()];
  const items = new Map(world.ledger.all('domain').map((item) => [item.domain, item]));
  const last = latestUpdates(world, items);
  for (const domain of world.retried) {
    const forgotten = world.forgotten.has(`domain#${domain}`);
    if (!last.has(domain) && !forgotten)
      faults.push(`${domain}: a retry confirmed, but the ledger has nothing`);
  }
  for (const [domain, update] of last) {
    const item = items.get(domain);
    const forgotten =
      item === undefined && (mayBeForgotten(world, update) || removedUnconfirmed(world, domain));
    if (item === undefined && !forgotten) {
      faults.push(`${domain}: confirmed, but the ledger has nothing`);
      continue;
    }
    const { id, timestamp } = update;
    if (item !== undefined && (item.version.id !== id || item.version.timestamp !== timestamp)) {
      faults.push(`${domain}: the ledger follows ${item.version.id}, the last update is ${id}`);
    }
    if (isOfLeftApplication(world, domain))
      faults.push(`${domain}: settled at the application that was left`);
    // What was given up is judged as such.
    if (item?.state === 'failed') continue;
    if (item !== undefined && isRightlyKept(item, world)) continue;
    const own = rows.filter(({ name, id }) => name === domain && !operatorActions.isManual(id));
    const apex = rows.find(
      ({ name, www, type }) => `www.${name}` === domain && www === true && type !== 'redirect',
    );
    const unwanted = own.filter((row) => !isFromBeforeMove(world, row));
    if (update.wanted === 'absent' && unwanted.length > 0) faults.push(`${domain}: back from the dead`);
    if (update.wanted === 'absent' || item === undefined) continue;
    const serving = own.filter(({ type }) => type !== 'redirect');
    // Whether it may be parked is judged with its certificate.
    const parked = item.state === 'parked' && world.ssl !== null;
    const covered = item.native && rows.some(({ name, wildcard }) => name === PROTECTED && wildcard === true);
    if (covered && own.length > 0) faults.push(`${domain}: a wildcard covers it, and it was added`);
    if (serving.length === 0 && apex === undefined && !parked && !covered) faults.push(`${domain}: lost`);
    if (own.length > 1 && !world.scenario.duplicates) faults.push(`${domain}: there ${own.length} times`);
    const wantsWww =
      item.www && !domain.startsWith('www.') && !rows.some(({ name }) => name === `www.${domain}`);
    // Where a name is there twice, one of its rows serves what is wanted.
    const row = own.find(({ type, www }) => type === 'alias' && www === wantsWww) ?? own[0];
    // If RunCloud accepts a change and makes none, `wwwServed` shows it, and the relay asks again daily.
    const told = world.scenario.faults.includes('silent') && item.wwwServed === row?.www;
    // Where one of two rows was deleted by hand, the other serves the name, and the comparison misses nothing.
    const other = world.scenario.duplicates && operatorActions.hasDeleted(domain);
    const kept = row !== undefined && (keepsWww(world, row) || other);
    if (world.ssl === null && row?.type === 'alias' && row.www !== wantsWww && !told && !kept)
      faults.push(`${domain}: www is ${row.www}, wanted ${wantsWww}`);
  }
  for (const { name, id } of rows) {
    if (operatorActions.isManual(id)) continue;
    const known =
      name === PROTECTED ||
      isForeign(name) ||
      THERE_BEFORE.some((before) => before.name === name) ||
      last.has(name) ||
      DOMAINS.some((domain) => domain === name);
    if (!known) faults.push(`${name}: no update names it`);
  }
  if (promoted !== undefined && world.runclouds[0].hosting.rows.get(promoted)?.type !== 'primary') {
    faults.push('the primary domain was touched');
  }
  for (const { id, name } of THERE_BEFORE) {
    const row = world.runclouds[1].hosting.rows.get(id);
    if (row?.name !== name) faults.push(`${name}: at the other application before, and touched`);
  }
  faults.push(...world.foreign.faults());
  const network = rows.find(({ name }) => name === PROTECTED);
  if (network?.type !== 'primary') faults.push(`${PROTECTED}: the network's own domain was touched`);
  return faults;
}

function itemFaults(world: World, item: DomainItem): string[] {
  const faults = wronglyGivenUp(world, item);
  const { domain } = item;
  const states = { present: ['present', 'parked', 'failed'], absent: ['absent', 'failed'] };
  if (!states[item.wanted].includes(item.state) && !isRightlyKept(item, world))
    faults.push(`${domain}: at rest, but ${item.state}`);
  if (item.dueAt === null && item.sendAt !== null) faults.push(`${domain}: settled, but a message is due`);
  const deadLetters = new Set(
    world.queue.deadLetters.filter(({ message }) => message.domain === domain).map(({ id }) => id),
  );
  const deadLetter = `${item.network}/${domain}/${item.revision}/dead-letter`;
  if (item.state === 'failed' && !deadLetters.has(deadLetter))
    faults.push(`${domain}: failed without a dead letter`);
  if (item.state === 'failed' && world.movedBack.has(deadLetter))
    faults.push(`${domain}: its dead letter was moved back, and it was not tried again`);
  const failures = item.history.filter(({ what }) => what === 'failed').length;
  // What has been forgotten may have failed, and had its dead letter, before.
  if (deadLetters.size > failures && item.history.length < 20 && !world.forgotten.has(`domain#${domain}`)) {
    faults.push(`${domain}: ${deadLetters.size} dead letters for ${failures} failures`);
  }
  const request = world.ledger.all('certificate').find((certificate) => certificate.domain === domain);
  const isServed = item.wanted === 'present' && (item.state === 'present' || item.state === 'parked');
  if (isServed && request?.wanted !== true)
    faults.push(`${domain}: present without a request for a certificate`);
  return faults;
}

/** What is lost though no operator has touched it: no comparison is needed to see that. */
export function lostAtRest(world: World, operatorActions: OperatorActions): string[] {
  return hostingFaults(world, undefined, operatorActions).filter((fault) => {
    const [name = '', what] = fault.split(': ');
    return what === 'lost' && !operatorActions.touches(name);
  });
}

/** Everything that is wrong with a world whose work is done; the list at the end of the rules, as far as it is built. */
export function faultsAtRest(
  world: World,
  promoted: number | undefined,
  operatorActions: OperatorActions,
): string[] {
  if (!isAtRest(world)) {
    const open = world.ledger.all('domain').filter(({ dueAt }) => dueAt !== null);
    return [`no rest: ${open.map(({ domain, state }) => `${domain} ${state}`).join(', ')}`];
  }
  return [
    ...hostingFaults(world, promoted, operatorActions),
    ...world.ledger.all('domain').flatMap((item) => itemFaults(world, item)),
  ];
}
