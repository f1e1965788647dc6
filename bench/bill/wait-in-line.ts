import { toAttributes } from '../../lib/aws/item-attributes.ts';
import type { Key, Kind, StoredItems } from '../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../lib/sync/ledger/ports.ts';
import { account, Crowd } from '../../test/support/sync/crowd.ts';
import { type Units, unitCounter } from '../aws/units.ts';
import { assumed } from './assumed.ts';
import { together, type Work } from './bill.ts';

const HOUR_MS = 60 * 60_000;
/** So many additions one after the other: RunCloud takes a time of its own for each. */
const ALONE = 100;

/** Counts the units that reads and writes of single items are billed for. */
function billedLedger() {
  const units = { reads: 0, writes: 0 };
  const unitsOf = unitCounter();
  const put = <K extends Kind>(key: Key<K>, item: StoredItems[K] | undefined, wasWritten: boolean): void => {
    if (item === undefined) throw new Error('No worker deletes an item');
    const Item = toAttributes(key, item, { writes: 1, token: 'token', earlierTokens: [] });
    units.writes += unitsOf([
      { command: 'PutItem', input: { Item }, output: wasWritten ? {} : undefined },
    ]).writes;
  };
  const watched = (ledger: Ledger): Ledger => ({
    ...ledger,
    read: (key) => {
      units.reads += 1;
      return ledger.read(key);
    },
    readAll: (keys) => {
      units.reads += keys.length;
      return ledger.readAll(keys);
    },
    write: async (key, item, writes) => {
      const wasWritten = await ledger.write(key, item, writes);
      put(key, item, wasWritten);
      return wasWritten;
    },
  });
  return { units, watched };
}

/** What the workers of the domain queue ask of AWS for each of so many additions, all at once or one after the other. */
async function additions(domains: number, { atOnce }: { readonly atOnce: boolean }): Promise<Work> {
  const { units, watched } = billedLedger();
  const crowd = new Crowd({ busy: account('7') }, { watched, hasReaders: false });
  // What only the first call of a credential and the first pass of a network ask for.
  await crowd.say('busy', 'first.example.org');
  await crowd.drain(HOUR_MS);
  const [before, billedBefore] = [{ ...units }, { ...crowd.billed }];
  for (let n = 0; n < domains; n += 1) {
    await crowd.say('busy', `shop-${n}.example.org`);
    if (!atOnce) await crowd.drain(HOUR_MS);
  }
  await crowd.drain(HOUR_MS);
  const { calls, ms, sends } = crowd.billed;
  const passes = (calls - billedBefore.calls) / domains;
  const each: Units = {
    reads: (units.reads - before.reads) / domains,
    writes: (units.writes - before.writes) / domains,
    queues: (sends - billedBefore.sends) / domains,
    secrets: 0,
  };
  return {
    units: each,
    calls: passes,
    gbSeconds: ((ms - billedBefore.ms) / 1_000 / domains) * assumed.workerGb,
    lines: [],
    logBytes: passes * assumed.waitingLineBytes,
    deliveries: passes,
  };
}

/** What an addition among so many at once costs beyond one alone: places in the line, and the calls that come back to them. */
export async function waitInLine(domains: number): Promise<Work> {
  const alone = await additions(ALONE, { atOnce: false });
  const among = await additions(domains, { atOnce: true });
  return together([{ work: among }, { work: alone, share: -1 }]);
}
