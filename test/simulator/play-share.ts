import { setImmediate as turn } from 'node:timers/promises';
import type { Share, ShareLimit, ShareReport } from './first-failure.ts';
import { histories } from './histories.ts';
import { search } from './search.ts';
import { simulate } from './simulate.ts';

/** Plays one process's share of the histories, which it gets as JSON, and tells its parent of the first that fails. */
const share: Share = JSON.parse(process.argv[2] ?? '');
let before = Number.POSITIVE_INFINITY;
process.on('message', (limit: ShareLimit) => {
  before = Math.min(before, limit.before);
});
process.on('disconnect', () => process.exit(1));

function tell(report: ShareReport): void {
  process.send?.(report);
}

const { foundAt } = await search({
  histories: histories(share.focus),
  play: async (history) => {
    // A limit that has arrived is read.
    await turn();
    return simulate(history);
  },
  plays: (index) => index % share.of === share.index && index < before,
  breaks: new RegExp(share.breaks),
  runs: share.runs,
  seed: share.seed,
  shortenForMs: 0,
  now: () => performance.now(),
  onPlayed: (played) => tell({ played }),
});
tell({ failedAt: foundAt ?? null });
process.removeAllListeners('disconnect');
process.disconnect();
