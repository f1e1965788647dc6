import { readStatus } from '../../client/reads.ts';
import type { DomainStatus } from '../../client/schemas.ts';
import { type Standing, standingOf } from '../../client/standing.ts';
import type { Io } from '../../io.ts';
import type { Relay } from '../../target/relay.ts';

const INTERVAL_MS = 1_000;

export interface Waited {
  readonly status: DomainStatus;
  /** `open`: the time is over. */
  readonly standing: Standing;
}

/** Reads a domain until nothing is left to do, a person has to act, or the time is over. */
export async function waitUntilSettled(
  relay: Relay,
  domain: string,
  deadlineMs: number,
  io: Io,
): Promise<Waited> {
  for (;;) {
    const { parsed: status } = await readStatus(relay, domain, io);
    const standing = standingOf(status);
    if (standing !== 'open' || io.now() >= deadlineMs || io.signal.aborted) return { status, standing };
    await io.sleep(INTERVAL_MS);
  }
}
