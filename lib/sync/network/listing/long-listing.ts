import { ListTooLong, NotBefore } from '../../ledger/errors.ts';
import type { NetworkItem } from '../../ledger/items/network-item.ts';
import { networkKey } from '../../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../../ledger/ports.ts';
import type { Hosting } from '../../ledger/runcloud-ports.ts';
import { HOUR_MS, MINUTE_MS } from '../../ledger/time.ts';
import { updateItem } from '../../ledger/updates/update.ts';
import { hasTimeLeft } from '../time-left.ts';
import { BackwardReading, rowsOf, statedPages } from './backward-reading.ts';
import type { KeptListing } from './kept-listings.ts';
import { endReading, holdTurn, type Lister, type ListReader, otherLister } from './list-turn.ts';
import { readListing } from './listing.ts';
import { loadListing, type StoredListing, storeListing } from './stored-listing.ts';

/** Up to 10 pages (400 domains, about 10 s) need no turn. Under a low limit fewer pages take as long. */
const SHORT_PAGES = 10;
const SHORT_MS = MINUTE_MS;
/** A worker that finds another one listing comes back after this, spread over the time of a listing. */
const AWAY_MS = MINUTE_MS;
/** Those that come back for its list do so spread over this time. */
const READY_SPREAD_MS = 10_000;
/** RunCloud's limit makes a page take about this long. */
const LIMITED_PAGE_MS = 1_000;
/** Where that reading is one of several calls. */
const LONG_AWAY_MS = 6 * MINUTE_MS;
/** A reading that takes longer, over all its calls, no longer describes RunCloud. */
const LONGEST_READING_MS = 6 * HOUR_MS;

interface ListServices {
  readonly ledger: Ledger;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/** What an earlier call has read of a list, and is to be read on. */
async function resumable(
  { network, app }: ListReader,
  item: NetworkItem | undefined,
  { ledger, clock }: ListServices,
): Promise<StoredListing | undefined> {
  const noted = item?.listing ?? null;
  if (noted === null || noted.doneAt !== null || noted.begunAt < clock.now() - LONGEST_READING_MS)
    return undefined;
  const stored = await loadListing(ledger, network, app);
  return stored?.begunAt === noted.begunAt && stored.doneAt === null ? stored : undefined;
}

/** One call of a worker that reads a list. */
class ListCall {
  readonly #reader: ListReader;
  readonly #hosting: Pick<Hosting, 'page'>;
  readonly #s: ListServices;
  readonly #calledAt: number;
  #pages = 0;
  #stated: number | undefined;
  #hasTurn = false;
  #reading: BackwardReading | undefined;
  #begunAt: number;

  constructor(reader: ListReader, hosting: Pick<Hosting, 'page'>, s: ListServices) {
    this.#reader = reader;
    this.#hosting = hosting;
    this.#s = s;
    this.#calledAt = s.clock.now();
    this.#begunAt = this.#calledAt;
  }

  async read(): Promise<KeptListing> {
    const { ledger, clock } = this.#s;
    const { network, app, owner, lastSeen } = this.#reader;
    const item = lastSeen === undefined ? (await ledger.read(networkKey(network)))?.item : lastSeen();
    const other = otherLister(item, owner, clock.now());
    const goesOn = item?.listing?.doneAt === null;
    if (other !== null) throw this.#awayFrom(other, goesOn ? LONG_AWAY_MS : AWAY_MS);
    const earlier = await resumable(this.#reader, item, this.#s);
    let end: StoredListing | undefined;
    try {
      if (earlier?.reading) {
        this.#begunAt = earlier.begunAt;
        this.#reading = new BackwardReading(earlier.reading, earlier.rows);
        await this.#takeTurn();
      }
      const begun = (reading: BackwardReading): void => {
        this.#reading = reading;
      };
      const long = { resumed: this.#reading, begun };
      const listing = await readListing({ page: this.#page }, undefined, long);
      const { domains: rows, complete, confirmed } = listing;
      const times = { begunAt: this.#begunAt, doneAt: clock.now() };
      // One that was read on has ended, whatever it shows: no later call reads it on.
      if (earlier !== undefined || (this.#pages > 1 && complete))
        end = { ...times, reading: null, complete, confirmed, rows };
      return { ...listing, ...times };
    } catch (error) {
      if (!this.#hasTurn || !(error instanceof NotBefore)) throw error;
      end = this.#unfinished();
      if (end === undefined && this.#isOver()) {
        throw new ListTooLong(
          `The list of the web application's domains is longer than the relay can read: it ended after ${this.#pages} pages`,
        );
      }
      throw error;
    } finally {
      const stored = end !== undefined && (await storeListing(ledger, network, app, end));
      // A turn that cannot be released ends with the call.
      if (stored || this.#hasTurn) {
        const rule = endReading(this.#reader, stored ? end : undefined);
        await updateItem(ledger, networkKey(network), rule).catch(() => undefined);
      }
    }
  }

  /** What another call can continue. */
  #unfinished(): StoredListing | undefined {
    const reading = this.#reading;
    const now = this.#s.clock.now();
    if (reading === undefined || reading.nextPage === null || this.#pages === 0) return undefined;
    if (this.#begunAt < now - LONGEST_READING_MS) return undefined;
    const rows = [...reading.rows.values()];
    return {
      begunAt: this.#begunAt,
      doneAt: null,
      reading: reading.state,
      complete: false,
      confirmed: false,
      rows,
    };
  }

  /** The reading of many pages has taken more time than is left: another call would not reach the end either. */
  #isOver(): boolean {
    if ((this.#stated ?? this.#pages) <= SHORT_PAGES) return false;
    const now = this.#s.clock.now();
    const left = this.#reader.deadlineAt - now;
    return left < now - this.#calledAt || !hasTimeLeft(this.#reader, now);
  }

  /** Soon after the other worker has probably read the list, so that this list serves; later where it is late. */
  #awayFrom({ until, readyAt }: Lister, awayMs = AWAY_MS): NotBefore {
    const now = this.#s.clock.now();
    const random = this.#s.random();
    if (readyAt !== null && readyAt > now) return new NotBefore(readyAt + random * READY_SPREAD_MS);
    return new NotBefore(now + awayMs + random * Math.max(0, until - now));
  }

  /** By the pages read so far; null: the list does not say how many follow, or will not be read in this call. */
  #readyAt(): number | null {
    if (this.#stated === undefined || this.#pages === 0 || this.#reading === undefined) return null;
    const now = this.#s.clock.now();
    const pageMs = Math.max(LIMITED_PAGE_MS, (now - this.#calledAt) / this.#pages);
    const readyAt = now + (this.#stated + 1 - this.#pages) * pageMs;
    return readyAt < this.#reader.deadlineAt ? readyAt : null;
  }

  async #takeTurn(): Promise<void> {
    const other = await holdTurn(this.#reader, this.#readyAt(), this.#s);
    if (other !== null) throw this.#awayFrom(other);
    this.#hasTurn = true;
  }

  /** The first page says how many follow; the pages of a list that does not say are counted. */
  #isLong(): boolean {
    return (this.#stated ?? this.#pages) > SHORT_PAGES || this.#s.clock.now() - this.#calledAt > SHORT_MS;
  }

  readonly #page: Hosting['page'] = async (number) => {
    if (!this.#hasTurn && this.#isLong()) await this.#takeTurn();
    const read = await this.#hosting.page(number);
    this.#pages += 1;
    this.#stated ??= statedPages(read, rowsOf(read));
    return read;
  };
}

/**
 * Reads a web application's list, and stores one of several pages for other workers. A long list is read by one worker at a time:
 * workers that share RunCloud's calls per minute would otherwise all run out of time and start again. One that is too
 * long for this call is stored as far as it came, and the next call reads on from there: then `begunAt` lies before this
 * call. Throws `NotBefore` while another worker lists or where time is up, `ListTooLong`, and what `page` throws.
 */
export function longListing(
  reader: ListReader,
  hosting: Pick<Hosting, 'page'>,
  s: ListServices,
): () => Promise<KeptListing> {
  return () => new ListCall(reader, hosting, s).read();
}
