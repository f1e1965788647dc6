import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import type { Access, CallGuard } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { APP, MINUTE, NOW, SECOND } from './items.ts';

/** When the function of a worker is stopped, counted from its start. */
export const TIMEOUT_MS = 5 * MINUTE;

/** What a network's secret says: parts of it, or what is asked at every access. Undefined: there is none. */
export type SecretOfWorld = Partial<Access> | ((options: { fresh: boolean }) => Partial<Access> | undefined);

/** Every call reserves its slot and reports what came back, as the real client does. */
export function through(gate: CallGuard) {
  return async <T>(call: () => Promise<T>): Promise<T> => {
    await gate.before();
    const answer = await call();
    await gate.after({ status: 200, limit: undefined, remaining: undefined, retryAfterMs: undefined });
    return answer;
  };
}

/** What any worker runs on, all in memory. A sleeper moves the time itself, so no pass waits for the test. */
export function workerInMemory(
  secret: SecretOfWorld | undefined,
  runcloud: Pick<Access, 'hosting' | 'certificates' | 'protectedDomains'>,
) {
  const time = manualClock(NOW);
  const clock: Clock = { now: time.now, sleep: (ms) => time.advance(ms) };
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const reportDeferred: unknown[] = [];
  const unsent: unknown[] = [];
  const accesses: { fresh: boolean }[] = [];
  let owners = 0;

  const access = async (
    _network: string,
    { fresh }: { readonly fresh: boolean },
  ): Promise<Access | undefined> => {
    accesses.push({ fresh });
    const part = typeof secret === 'function' ? secret({ fresh }) : (secret ?? {});
    if (part === undefined) return undefined;
    return {
      app: APP,
      // A fresh read comes after the event that caused it, though the clock stands still.
      readAt: clock.now() + (fresh ? 1 : 0),
      removalsPerHour: 60,
      additionsPerHour: 300,
      parkUnreadyNames: true,
      paused: false,
      credentialFingerprint: 'f00dfeedf00dfeed',
      serverAddresses: [],
      tellsOutcomes: true,
      dnsTarget: null,
      ...runcloud,
      ...part,
    };
  };

  return {
    time,
    clock,
    ledger,
    queue,
    reportDeferred,
    unsent,
    accesses,
    services: {
      ledger,
      queue,
      clock,
      random: () => 0.5,
      networks: { access },
      successNotices: true,
      leaseMs: TIMEOUT_MS + 30 * SECOND,
      newOwner: () => `worker-${++owners}`,
      reportDeferred: (work: object, error: { readonly what: unknown }) =>
        reportDeferred.push({ ...work, what: error.what }),
      reportUnsent: (deadLetter: unknown) => unsent.push(deadLetter),
      reportCallsThisMonth: () => undefined,
    },
  };
}
