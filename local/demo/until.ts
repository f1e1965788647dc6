import { setTimeout as wait } from 'node:timers/promises';

export interface DueCertificates {
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Shows what is new. */
  readonly pass: () => Promise<void>;
}

/** Checks repeatedly until that holds, the time is over or the caller stops; then once more. */
export async function until(
  holds: () => Promise<boolean>,
  { patienceMs, signal, pass }: DueCertificates,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !signal.aborted) {
    await pass();
    if (await holds()) break;
    await wait(100);
  }
  await pass();
}
