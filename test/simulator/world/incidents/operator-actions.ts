import { WWW } from '../../../../lib/sync/ledger/domains/www.ts';
import { freshNetwork } from '../../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { HOUR_MS } from '../../../../lib/sync/ledger/time.ts';
import { DOMAINS } from '../../chance/planned-updates.ts';
import { protectedSince } from '../runcloud/protected-domains.ts';
import { NETWORK, START, type World } from '../world.ts';
import { missesMove } from './item-faults.ts';

const UNKNOWN = 'by-hand.example.net';
/** A comparison under way at the end may have read its list before a row was added, and been killed since. */
const COMPARED_WITHIN_MS = 2 * 60 * 60_000;

/** A row that an operator added in RunCloud's panel, beside the relay. */
interface HandMade {
  readonly name: string;
  readonly kind: 'unwanted' | 'unknown';
  readonly id: number;
  /** In which of the two applications. */
  readonly at: 0 | 1;
  /** The update the ledger followed then; null: none. */
  readonly version: string | null;
}

/** A second operator, who knows nothing of the relay. */
export class OperatorActions {
  readonly #world: World;
  readonly #made: HandMade[] = [];
  readonly #deleted = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  #itemOf(name: string) {
    return this.#world.ledger.all('domain').find(({ domain }) => domain === name);
  }

  #delete(name: string): void {
    const { runclouds, current, scheduler } = this.#world;
    const { rows } = runclouds[current].hosting;
    const row = [...rows.values()].find((candidate) => candidate.name === name);
    if (row === undefined || row.type !== 'alias' || this.#itemOf(name)?.wanted !== 'present') return;
    rows.delete(row.id);
    this.#deleted.add(name);
    scheduler.note(`the operator deletes ${name}`);
  }

  /** A row that sends its visitors elsewhere serves nothing. */
  #redirect(name: string): void {
    const { runclouds, current, scheduler } = this.#world;
    const { rows } = runclouds[current].hosting;
    const row = [...rows.values()].find((candidate) => candidate.name === name);
    if (row === undefined || row.type !== 'alias' || this.#itemOf(name)?.wanted !== 'present') return;
    rows.set(row.id, { ...row, type: 'redirect' });
    scheduler.note(`the operator makes ${name} a redirect`);
  }

  /** Whether the relay sees some of it only when it compares RunCloud with the ledger. */
  needComparison(): boolean {
    const { scenario } = this.#world;
    return scenario.operatorActions.length > 0 || missesMove(scenario) !== undefined;
  }

  /** Whether an operator may have removed a name, or the row that serves it as its `www.`, or moved the network past it. */
  touches(name: string): boolean {
    if (missesMove(this.#world.scenario) === name) return true;
    return this.#world.scenario.operatorActions.some(({ domain }) => {
      const touched = DOMAINS[domain];
      return touched !== undefined && (name === touched || name === `www.${touched}`);
    });
  }

  #add(name: string, kind: HandMade['kind']): void {
    const { runclouds, current, scheduler } = this.#world;
    const { rows } = runclouds[current].hosting;
    const taken = [...rows.values()].some(
      (row) => row.name === name || (row.www && `www.${row.name}` === name),
    );
    if (taken) return;
    const id = 10_000 + this.#made.length;
    rows.set(id, { id, name, type: 'alias', www: false, wildcard: false });
    this.#made.push({ name, kind, id, at: current, version: this.#itemOf(name)?.version.id ?? null });
    scheduler.note(`the operator adds ${name}`);
  }

  /** Before any event has named the domain. */
  #addFirst(name: string): void {
    if (this.#itemOf(name) === undefined) this.#add(name, 'unknown');
  }

  /** Only settled domains: otherwise the relay rightly takes the row for the result of a lost answer. */
  #putBack(name: string): void {
    const item = this.#itemOf(name);
    const done = item?.state === 'absent' && item.dueAt === null && item.owner === null;
    if (done) this.#add(name, 'unwanted');
  }

  /** Plans what the operator does in this history, and a comparison while updates are still arriving. */
  plan(): void {
    const { scheduler, scenario, ledger } = this.#world;
    for (const { does, domain, at } of scenario.operatorActions) {
      const name = DOMAINS[domain] ?? DOMAINS[0];
      scheduler.at(START + at * 1_000, () => {
        if (does === 'delete') this.#delete(name);
        else if (does === 'put-back') this.#putBack(name);
        else if (does === 'redirect') this.#redirect(name);
        else if (does === 'add-first') this.#addFirst(name);
        else this.#add(UNKNOWN, 'unknown');
      });
    }
    if (scenario.comparesAt === null) return;
    const dueAt = START + scenario.comparesAt * 1_000;
    const comparison = { dueAt, begunAt: null };
    ledger.put(networkKey(NETWORK), { ...freshNetwork(NETWORK), comparison, dueAt, sendAt: dueAt });
  }

  /** Whether, since all work was done, RunCloud and the ledger have been compared. */
  isCompared(restingSince: number): boolean {
    if (!this.needComparison()) return true;
    const [network] = this.#world.ledger.all('network');
    // RunCloud was never reached: every worker was killed before, until every update was given up.
    if (network === undefined || (network.comparison === null && network.drift === null))
      return this.#world.ledger.all('domain').every(({ state }) => state === 'failed');
    const { comparison, drift } = network;
    if (drift === null || Date.parse(drift.at) <= restingSince + COMPARED_WITHIN_MS) return false;
    // One that had no time for all that was missing comes back within the hour.
    return comparison === null || comparison.dueAt > Date.parse(drift.at) + HOUR_MS;
  }

  /** Made by hand, and so the operator's own until the multisite sends an update about that name. */
  isManual(id: number): boolean {
    return this.#made.some((row) => row.id === id && this.#isLatestUpdate(row));
  }

  #isLatestUpdate({ name, version }: HandMade): boolean {
    const item = this.#itemOf(name);
    return item === undefined || item.version.id === version;
  }

  /** A person has deleted a row of this name. */
  hasDeleted(name: string): boolean {
    return this.#deleted.has(name);
  }

  faultsAtRest(): string[] {
    const { runclouds, current, ledger } = this.#world;
    const network = ledger.all('network')[0];
    const claimed = network?.claim?.appId === runclouds[current].app.appId;
    return this.#made
      .filter((row) => this.#isLatestUpdate(row))
      .flatMap(({ name, kind, id, at }) => {
        const row = runclouds[at].hosting.rows.get(id);
        if (row === undefined) return [`${name}: put there by hand, and touched`];
        // An operator made it the primary domain or protected it since; such a name is not compared.
        if (row.type === 'primary' || protectedSince(this.#world, name) !== undefined) return [];
        // The `www.` of a wanted domain is taken for its own, and that of one that cannot be read may be.
        if (name.startsWith(WWW) && this.#itemOf(name.slice(WWW.length))?.wanted === 'present') return [];
        // A failure of its own tells of it, as where a removal was followed once more after a move, and finds the row.
        const failed = this.#itemOf(name)?.state === 'failed';
        const told = failed || network?.drift?.[kind].names.includes(name) === true;
        // Of many unexpected names only some are named.
        const many = this.#world.scenario.surroundings.foreignRows > 0;
        // A domain of the multisite explains the row of its `www.` too.
        const explained = kind === 'unknown' && name.startsWith('www.');
        return told || many || explained || at !== current || !claimed
          ? []
          : [`${name}: put there by hand, and not reported as ${kind}`];
      });
  }
}
