import { parseArgs } from 'node:util';
import { heapGrowth, mostGrowthBytes } from './heap-growth.ts';
import { keptGrowth, mostKeptBytes, mostRssBytes } from './kept-growth.ts';
import { soak } from './soak.ts';

/**
 * Drives the whole relay over real sockets while RunCloud fails and workers are killed, and compares once all work is done:
 * `npm run soak -- --events 20000 --seed 7`. Ends with 1 if anything is lost, back from the dead or without an
 * end, if the heap of a worker grew too far, or if the stack keeps too much of each event.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() | 0) },
  },
});
const events = Number(values.events);
const seed = Number(values.seed) | 0;

function show(line: string) {
  return console.log(line);
}
show(`${events} events from seed ${seed}`);
const figures = await soak({ events, seed, show });
const { seconds, passes, calls, faults, kills, sentAgain, memory, stack, lost, zombies, unsettled } = figures;
function each(count: number) {
  return (count / events).toFixed(2);
}
function mib(bytes: number) {
  return (bytes / 2 ** 20).toFixed(1);
}
const growth = heapGrowth(memory);
show(`${(events / seconds).toFixed(1)} events/s, ${each(passes)} passes and ${each(calls)} calls an event`);
show(`${faults} faults armed, ${kills} workers killed, ${sentAgain} updates sent again`);
show(
  `a worker's heap grew by ${mib(growth)} MiB from the second to the last quarter (at most ${mib(mostGrowthBytes)})`,
);
const kept = keptGrowth(stack);
const mostKept = mostKeptBytes(events);
const rss = Math.max(...stack.map(({ rssBytes }) => rssBytes));
show(`what the stack keeps grew by ${mib(kept)} MiB (at most ${mib(mostKept)})`);
show(`the stack took ${mib(rss)} MiB at most (at most ${mib(mostRssBytes)})`);
for (const name of lost) show(`LOST ${name}`);
for (const name of zombies) show(`ZOMBIE ${name}`);
for (const name of unsettled) show(`OPEN ${name}`);
const wrong = lost.length + zombies.length + unsettled.length;
const isFlat = growth <= mostGrowthBytes && kept <= mostKept && rss <= mostRssBytes;
if (growth > mostGrowthBytes) show('GREW a worker keeps more with every pass');
if (kept > mostKept || rss > mostRssBytes) show('GREW the stack keeps more with every event');
show(`${lost.length} lost, ${zombies.length} zombies, ${unsettled.length} without an end (seed ${seed})`);
process.exit(wrong === 0 && isFlat ? 0 : 1);
