import { Unavailable } from '../../errors.ts';
import { inBatches } from '../ledger/in-batches.ts';
import type { DueWork } from '../ledger/ports.ts';
import { Handled, type Turn } from './handled.ts';
import { bringIntoIndex } from './old-certificates.ts';
import { AT_ONCE, PAGE, type RoundServices } from './round.ts';

/** So that a turn ends though thousands of networks have nothing due. */
const MOST_ASKED = 100;

interface Asked {
  readonly network: string;
  readonly handled: Handled;
}

/** All names in the order of the alphabet, from `first` on. */
function from(first: string | null, names: readonly string[]): string[] {
  const sorted = names.toSorted();
  if (first === null) return sorted;
  return [...sorted.filter((name) => name >= first), ...sorted.filter((name) => name < first)];
}

/** DynamoDB may throttle the key of one network: the others go on. */
async function turnOf(
  asked: Asked,
  until: number,
  most: number,
): Promise<(Turn & { readonly asked: Asked }) | Unavailable> {
  try {
    return { ...(await asked.handled.next(until, most)), asked };
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

/**
 * The due certificates of all networks, by networks in turn: one with thousands holds up no other. No index has them all, because
 * a certificate's row would then move in two.
 */
export class DueCertificates {
  readonly #s: Pick<RoundServices, 'ledger' | 'clock' | 'report'>;
  readonly #lastAskAt: number;
  /** The networks that are still to be asked; undefined: not read yet. */
  #line: Asked[] | undefined;
  readonly #first: string | null;
  /** The index did not answer for any of several networks: where the next sweep goes on. */
  #awayAt: string | undefined;
  /** Undefined: all that is due has been brought into the index. */
  #old: Handled | undefined;
  /** Why the first network or item was left out that the ledger does not give out; undefined: none was. */
  outOfReach: Unavailable | undefined;

  /** `first`: the network that is asked first, because the last sweep did not come to it. */
  constructor(
    first: string | null,
    lastAskAt: number,
    s: Pick<RoundServices, 'ledger' | 'clock' | 'report'>,
  ) {
    this.#s = s;
    this.#first = first;
    this.#lastAskAt = lastAskAt;
    this.#old = new Handled((until, limit) => s.ledger.dueOldCertificates(until, limit));
  }

  /** Where the next sweep begins; null: this one has asked all networks. */
  get next(): string | null {
    if (this.#line === undefined) return this.#first;
    return this.#awayAt ?? this.#line[0]?.network ?? null;
  }

  async turn(until: number): Promise<Turn> {
    await this.#bringOld(until);
    this.#line ??= from(this.#first, await this.#s.ledger.networks()).map((network) => ({
      network,
      handled: new Handled((by, limit) => this.#s.ledger.dueCertificates(network, { until: by, limit })),
    }));
    const works: DueWork[] = [];
    for (let asked = 0; asked < MOST_ASKED && works.length < PAGE && this.#hasTime(); ) {
      const batch = this.#line.splice(0, AT_ONCE);
      if (batch.length === 0) break;
      asked += batch.length;
      works.push(...(await this.#ask(this.#line, batch, until, PAGE - works.length)));
    }
    const isLast = this.#old === undefined && this.#line.length === 0;
    return { works, isLast };
  }

  #hasTime(): boolean {
    return this.#s.clock.now() <= this.#lastAskAt;
  }

  async #bringOld(until: number): Promise<void> {
    if (this.#old === undefined) return;
    const { works, isLast } = await this.#old.next(until, PAGE);
    if (isLast) this.#old = undefined;
    this.outOfReach ??= await bringIntoIndex(works, this.#s);
  }

  async #ask(line: Asked[], batch: readonly Asked[], until: number, most: number): Promise<DueWork[]> {
    const share = Math.max(1, Math.floor(most / batch.length));
    const turns = await inBatches(batch, AT_ONCE, (asked) => turnOf(asked, until, share));
    if (batch.length > 1 && turns.every((turn) => turn instanceof Unavailable)) {
      this.#awayAt = line[0]?.network;
      line.length = 0;
    }
    const works: DueWork[] = [];
    for (const turn of turns) {
      if (turn instanceof Unavailable) this.outOfReach ??= turn;
      else {
        works.push(...turn.works);
        if (!turn.isLast) line.push(turn.asked);
      }
    }
    return works;
  }
}
