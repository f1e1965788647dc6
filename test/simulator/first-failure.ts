import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.ts';

/** Which histories are searched, and for what. */
export interface SearchedHistories {
  readonly runs: number;
  readonly seed: number;
  readonly focus: Partial<Scenario>;
  /** A regular expression. */
  readonly breaks: string;
}

/** The histories of one process: every `of`-th one, from `index` on. */
export interface Share extends SearchedHistories {
  readonly index: number;
  readonly of: number;
}

/** What a process says of its share. `failedAt`: the index of its first history that fails, or null for none. */
export type ShareReport = { readonly played: number } | { readonly failedAt: number | null };

/** What a process is told: histories from this index on are no longer asked for. */
export interface ShareLimit {
  readonly before: number;
}

const PROCESS_FILE = fileURLToPath(new URL('play-share.ts', import.meta.url));

/** Plays the histories in several processes. Returns the index of the first one that fails, the same for any number of processes. */
export async function firstFailure(
  searched: SearchedHistories,
  processes: number,
  onPlayed: (played: number) => void,
): Promise<number | undefined> {
  const children: ChildProcess[] = [];
  const played = new Map<number, number>();
  let first: number | undefined;
  const playShare = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const share: Share = { ...searched, index, of: processes };
      const child = fork(PROCESS_FILE, [JSON.stringify(share)]);
      children.push(child);
      child.on('message', (report: ShareReport) => {
        if ('played' in report) {
          played.set(index, report.played);
          onPlayed([...played.values()].reduce((sum, one) => sum + one));
          return;
        }
        const { failedAt } = report;
        if (failedAt === null || failedAt > (first ?? failedAt)) return;
        first = failedAt;
        const limit: ShareLimit = { before: first };
        for (const other of children) if (other !== child && other.connected) other.send(limit);
      });
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`A process of the search ended with ${code}`)),
      );
    });
  try {
    await Promise.all(Array.from({ length: processes }, (_, index) => playShare(index)));
  } finally {
    for (const child of children) child.kill();
  }
  return first;
}
