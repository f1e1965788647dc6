import { parseArgs } from 'node:util';
import { type FuzzCase, search } from './search.ts';

/**
 * Knocks at the API handlers with what no honest sender would send: `npm run fuzz -- --requests 100000 --seed 7`. Prints the
 * smallest call that is answered wrongly and ends with 1, or prints what was answered and what took longest.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
});
const requests = Number(values.requests);
const seed = Number(values.seed) | 0;

function shortened(text: string) {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text;
}

function show({ request, delivery }: FuzzCase) {
  console.log(`${request.method} ${shortened(request.target)}   body as ${delivery}`);
  for (const [name, value] of request.headers) console.log(`${name}: ${shortened(JSON.stringify(value))}`);
  console.log(shortened(JSON.stringify(request.body.toString('utf8'))));
}

const startedAt = performance.now();
const { statuses, slowest, fault } = await search({
  requests,
  seed,
  onCall: (calls) => {
    if (calls % 10_000 === 0) console.log(`${calls} calls`);
  },
});
const seconds = (performance.now() - startedAt) / 1_000;
const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
console.log(`${total} calls from seed ${seed} in ${seconds.toFixed(1)} s`);
for (const [status, count] of [...statuses].sort(([a], [b]) => a - b)) {
  console.log(`  ${status === 0 ? 'no route' : status}  ${count}`);
}
console.log('The slowest:');
for (const { durationMs, event, status } of slowest.slice(0, 5)) {
  const bytes = (event.body ?? '').length;
  console.log(
    `  ${durationMs.toFixed(1)} ms  ${status}  ${event.routeKey}  body of ${bytes}: ${shortened(event.body ?? '').slice(0, 80)}`,
  );
}
if (fault !== undefined) {
  console.log('');
  show(fault.found);
  for (const updates of fault.faults) console.log(`BROKEN ${updates}`);
  process.exitCode = 1;
}
