import type { MemoryHosting } from '../../lib/memory/hosting.ts';
import { RuncloudNotFound } from '../../lib/runcloud/errors.ts';
import type { Hosting } from '../../lib/sync/ports.ts';
import { callOfChance, type Surroundings } from './call-of-chance.ts';

const TIMEOUT_MS = 30_000;

/** Nobody knows whether RunCloud guards its primary domain (docs/neighbours.md, "Domains"): this one does not. */
const removeAny = (runcloud: MemoryHosting, id: number): 'removed' | 'gone' =>
  runcloud.rows.delete(id) ? 'removed' : 'gone';

/** RunCloud's domains as one worker meets them. */
export const runcloudOfChance = (
  runcloud: MemoryHosting,
  around: Omit<Surroundings, 'timeoutMs'>,
  changed: (name: string) => void,
): Hosting => {
  const call = callOfChance({ ...around, timeoutMs: TIMEOUT_MS });

  /** The client reads a 404 at an id as an answer; only a listing tells what it means. */
  const gone = async <T>(answer: Promise<T>, instead: T): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof RuncloudNotFound) return instead;
      throw error;
    }
  };

  const noteChange = (id: number): void => {
    const row = runcloud.rows.get(id);
    if (row !== undefined) changed(row.name);
  };

  return {
    find: (id) =>
      gone(
        call('find', false, () => runcloud.find(id), asIs),
        undefined,
      ),
    list: () => call('list', false, () => runcloud.list(), asIs),
    page: (number) => call('page', false, () => runcloud.page(number), asIs),
    add: (domain) =>
      call(
        'add',
        true,
        () => {
          changed(domain.name);
          return runcloud.add(domain);
        },
        () => undefined,
      ),
    remove: (id) =>
      gone(
        call(
          'remove',
          true,
          async (): ReturnType<Hosting['remove']> => {
            noteChange(id);
            return removeAny(runcloud, id);
          },
          () => 'unclear',
        ),
        'gone',
      ),
    mend: (id, to) => {
      const act = () => {
        noteChange(id);
        return runcloud.mend(id, to);
      };
      return call('mend', true, act, asIs);
    },
  };
};

const asIs = <T>(answer: T): T => answer;
