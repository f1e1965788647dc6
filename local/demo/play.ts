import { setTimeout as wait } from 'node:timers/promises';
import type { NetworkSettings } from '../../lib/settings.ts';
import { domainKey } from '../../lib/sync/items.ts';
import type { Stack } from '../stack.ts';
import { keepBusy, untilTriedInVain } from './busy-runcloud.ts';
import { lastWords, type Said, toCall } from './call.ts';
import type { SampleEvent } from './events.ts';
import { asTold, type Names, result, table } from './result.ts';
import { send } from './send.ts';
import { type Watch, watch } from './watch.ts';

export interface DemoSettings {
  readonly events: readonly SampleEvent[];
  readonly networks: ReadonlyMap<string, NetworkSettings>;
  readonly names: Names;
  readonly show: (line: string) => void;
  /** How long RunCloud has after the last event. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

type DemoStack = Pick<Stack, 'url' | 'ledger' | 'runcloud'>;

/** Posts the events one after the other; what was accepted about domains, and whether every answer was a yes. */
const post = async (stack: DemoStack, watching: Watch, settings: DemoSettings) => {
  const { events, networks, show, signal } = settings;
  const said: Said[] = [];
  let refused = 0;
  for (const event of events) {
    show(`${event.file}  ${event.description}`);
    const network = networks.get(event.network);
    if (network === undefined) {
      show(`  not sent: the secrets file has no usable network ${event.network}`);
      refused += 1;
      continue;
    }
    // What came before has the sound RunCloud it was promised.
    if (event.meanwhile !== undefined) await settle(stack, watching, lastWords(said), settings);
    const mend = event.meanwhile === undefined ? undefined : keepBusy(stack, show);
    const call = toCall(event, network, Date.now());
    for (let i = 0; i < event.times && !signal.aborted; i += 1) {
      const answer = await send(stack.url, call);
      // The path as it stands in the file: the real one may hold a token.
      show(`  POST ${event.path}  ->  ${answer.text}`);
      if (!answer.ok) refused += 1;
    }
    if (call.said !== undefined) {
      said.push(call.said);
      watching.follow(call.said);
    }
    await watching.look();
    if (mend !== undefined && call.said !== undefined) {
      await untilTriedInVain(stack, call.said, { ...settings, look: watching.look });
      mend();
    }
  }
  return { said, allAccepted: refused === 0 };
};

const isSettled = async ({ ledger }: DemoStack, { network, domain }: Said): Promise<boolean> =>
  (await ledger.read(domainKey(network, domain)))?.item.dueAt === null;

const settle = async (
  stack: DemoStack,
  watching: Watch,
  words: readonly Said[],
  { patienceMs, signal }: DemoSettings,
): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !signal.aborted) {
    await watching.look();
    const settled = await Promise.all(words.map((word) => isSettled(stack, word)));
    if (settled.every(Boolean)) break;
    await wait(100);
  }
  await watching.look();
};

/** Plays the events against the relay and shows what comes of them. True if RunCloud ended as they say. */
export const play = async (stack: DemoStack, settings: DemoSettings): Promise<boolean> => {
  const { names, show } = settings;
  const watching = watch(stack, show);
  const { said, allAccepted } = await post(stack, watching, settings);
  const words = lastWords(said);
  await settle(stack, watching, words, settings);
  const rows = await result(words, stack.ledger, names);
  show(`\n${table(rows)}\n`);
  const good = allAccepted && asTold(rows);
  show(good ? 'RunCloud ended as the events say.' : 'RunCloud did not end as the events say.');
  return good;
};
