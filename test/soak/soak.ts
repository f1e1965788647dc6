import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamoLedger } from '../../lib/aws/ledger.ts';
import { localDynamo } from '../../local/aws/clients.ts';
import { seededRandom } from '../simulator/chance/random.ts';
import { placeNetwork } from '../support/runcloud/place-network.ts';
import { compare } from './compare.ts';
import { domainsOf, untilFewOpen, untilRest } from './rest.ts';
import { send } from './senders.ts';
import { startSoakedStack } from './stack.ts';
import type { StackWeighed } from './stack-messages.ts';
import { deliveries } from './updates.ts';
import { type Memory, startWorkers } from './workers.ts';

export interface SoakOptions {
  readonly events: number;
  readonly seed: number;
  readonly show: (line: string) => void;
}

export interface Figures {
  readonly sentAgain: number;
  readonly seconds: number;
  readonly passes: number;
  readonly calls: number;
  readonly faults: number;
  readonly kills: number;
  /** Of the worker that lived to the end, in order. */
  readonly memory: readonly Memory[];
  /** Of the stack, in order. */
  readonly stack: readonly StackWeighed[];
  /** Everything that differs from the last updates, by name. */
  readonly lost: readonly string[];
  readonly zombies: readonly string[];
  readonly unsettled: readonly string[];
}

/** Everything waits in multiples of it: short enough that failures are tried again within seconds. */
const retryBaseSeconds = 0.05;
/** Of a worker that may be killed. With less it would never make a call: each wants a minute in hand (docs/rules.md, "Lease"). */
const functionTimeoutSeconds = 95;
const senders = 4;
const mortals = 2;
/** With more than that the workers never catch up, which says something about this machine only. */
const mostOpen = 150;
const checkEvery = 25;
/** Only what never ends takes so long. */
const restingMs = 1_200_000;

const networkNames = ['north', 'south', 'west'];

/** The whole relay under updates, faults and kills. Returns the result. */
export async function soak({ events, seed, show }: SoakOptions): Promise<Figures> {
  const closing = new AsyncDisposableStack();
  try {
    const random = seededRandom(seed);
    const placed = networkNames.map((name, index) =>
      placeNetwork(name, { secret: { REMOVALS_PER_HOUR: '0', ADDITIONS_PER_HOUR: '0' } }, index),
    );
    const dir = await mkdtemp(join(tmpdir(), 'soak-'));
    closing.defer(() => rm(dir, { recursive: true }));
    const secretsFile = join(dir, 'secrets.json');
    await writeFile(
      secretsFile,
      JSON.stringify(Object.fromEntries(placed.map(({ name, secret }) => [name, secret]))),
    );

    let passes = 0;
    const onLine = (line: string) => {
      if (line.includes('"domain reconciled"') || line.includes('"domain given up"')) passes += 1;
      if (line.includes('"level":"ERROR"')) show(line);
    };
    // Certificates are another story: their first check lies hours ahead.
    const delays = { retryBaseSeconds, certificateRetryBaseSeconds: 3_600 };
    const stack = await startSoakedStack(
      {
        secretsFile,
        workspaces: placed.map(({ workspace }) => workspace),
        ...delays,
        faultyCalls: events * 2,
        seed,
      },
      onLine,
    );
    closing.defer(() => stack.close());
    const dynamo = localDynamo(stack.dynamo, stack.region);
    closing.defer(() => dynamo.destroy());
    const source = { ledger: dynamoLedger({ client: dynamo, table: stack.table }) };

    const workers = startWorkers(mortals, {
      queue: stack.queue,
      endpoint: stack.sqs,
      region: stack.region,
      functionTimeoutSeconds,
      concurrency: 2,
      environment: stack.workerEnvironment,
      onLine,
    });
    closing.defer(() => workers.close());

    const startedAt = Date.now();
    const updates = deliveries(events, networkNames, random, startedAt);
    const killEvery = Math.max(50, Math.ceil(events / 200));
    const weighEvery = Math.max(10, Math.ceil(events / 40));
    let kills = 0;
    let killing = Promise.resolve();
    const memory: Memory[] = [];
    const stackMemory: StackWeighed[] = [];
    const weigh = async (what: string) => {
      const [weighed, ofStack] = await Promise.all([workers.weigh(), stack.weigh()]);
      memory.push(weighed);
      stackMemory.push(ofStack);
      const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
      const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0);
      show(
        `${seconds.padStart(5)} s  ${what}  passes ${passes}  worker heap ${mib(weighed.heapBytes)} MiB rss ${mib(weighed.rssBytes)} MiB  stack keeps ${mib(ofStack.keptBytes)} MiB rss ${mib(ofStack.rssBytes)} MiB`,
      );
    };
    await weigh('ready');

    const sentAgain = await send(updates, {
      url: stack.url,
      secretOf: (network) => placed.find(({ name }) => name === network)?.secret.RELAY_SECRET ?? '',
      senders,
      onSent: (sent) => {
        if (sent % weighEvery === 0) weigh(`sent ${sent}`).catch(show);
        if (sent % killEvery === 0) {
          kills += 1;
          killing = killing.then(() => workers.killOne(random));
        }
        if (sent % checkEvery !== 0) return undefined;
        return untilFewOpen(source, mostOpen);
      },
    });
    await killing;
    await weigh('all sent');
    let shownAt = 0;
    const unsettled = await untilRest(source, networkNames, {
      patienceMs: restingMs,
      onWait: (open) => {
        if (Date.now() - shownAt < 5_000) return;
        shownAt = Date.now();
        weigh(`${open} open`).catch(show);
      },
    });
    await weigh('at rest');
    const ended = await stack.end();

    const compared = await Promise.all(
      placed.map(async ({ name, appId, ownDomain }) => {
        const hosted = ended.hosted.find((app) => app.appId === appId)?.names ?? [];
        return compare(updates, hosted, { name, ownDomain, items: await domainsOf(source, name) });
      }),
    );
    return {
      sentAgain,
      seconds: (Date.now() - startedAt) / 1_000,
      passes,
      calls: ended.calls,
      faults: stack.faults,
      kills,
      memory,
      stack: stackMemory,
      lost: compared.flatMap(({ lost }) => lost),
      zombies: compared.flatMap(({ zombies }) => zombies),
      unsettled,
    };
  } finally {
    await closing.disposeAsync();
  }
}
