import { CommandFailed, Interrupted } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import { counted } from '../../output/counted.ts';
import { printJson } from '../../output/json.ts';
import type { ChangeResult, Sent } from './changes.ts';
import type { SyncPlan } from './plan.ts';

interface Report {
  readonly network: string;
  readonly plan: SyncPlan;
  readonly sent: Sent;
  readonly json: boolean;
}

function count(outcomes: readonly ChangeResult[], status: string): number {
  return outcomes.filter((it) => it.status === status).length;
}

function tell({ domain, line, error }: ChangeResult): string {
  const where = line === null ? '' : `line ${line}: `;
  return `${where}${domain}: ${error?.code}: ${error?.message}`;
}

/** Prints what was sent, and what failed and why. Throws unless everything was sent. */
export function report({ network, plan, sent, json }: Report, io: Io): void {
  const { outcomes, obstacle } = sent;
  const failed = outcomes.filter(({ status }) => status === 'failed');
  const superseded = outcomes.filter(({ status }) => status === 'superseded');
  const left = count(outcomes, 'not-sent');
  const arrived = outcomes.length - failed.length - left;
  if (json) {
    const { unchanged, missing, unreadable } = plan;
    printJson(io, { network, unchanged, missing, unreadable, domains: outcomes });
  } else {
    for (const outcome of failed) io.stdout.write(`${tell(outcome)}\n`);
    for (const { domain } of superseded)
      io.stdout.write(`${domain}: superseded: the relay knows a newer update\n`);
  }
  say(
    io,
    `${arrived} of ${outcomes.length} sent, ${failed.length} failed. relay status shows where they stand.`,
  );
  const again = `${left} of ${outcomes.length} were not sent: run the same command again to go on`;
  if (io.signal.aborted) throw new Interrupted(`Stopped. ${again}.`);
  if (obstacle !== undefined) throw new CommandFailed(`${obstacle.message} ${again}.`, { cause: obstacle });
  if (failed.length > 0) {
    throw new CommandFailed(
      `${counted(failed.length, 'domain')} failed: correct what the lines above say, and run it again.`,
    );
  }
  // An update is as new as the clock of this machine says.
  if (superseded.length > 0) {
    throw new CommandFailed(
      `${counted(superseded.length, 'domain')} stayed as before, because the relay knows newer updates: set the clock of this machine, and run it again.`,
    );
  }
}
