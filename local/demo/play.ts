import type { NetworkSettings } from '../../lib/settings/settings.ts';
import type { Stack } from '../stack.ts';
import { latestUpdates, type Said, toCall } from './call.ts';
import type { SampleEvent } from './events.ts';
import { asTold, type Names, result, table } from './result.ts';
import { setUp } from './scenes.ts';
import { send } from './send.ts';
import { isSettled } from './settled.ts';
import { type DueCertificates, until } from './until.ts';
import { visitorsOf } from './visitor.ts';
import { type Watch, watch } from './watch.ts';
import { pointOwnDomains } from './world.ts';

export interface DemoSettings {
  readonly events: readonly SampleEvent[];
  readonly networks: ReadonlyMap<string, NetworkSettings>;
  readonly names: Names;
  readonly show: (line: string) => void;
  /** The time RunCloud gets after the last event. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

type DemoStack = Pick<Stack, 'url' | 'ledger' | 'runcloud' | 'internet'>;

/** Posts the events one after the other. Returns the accepted updates, and whether every answer was a success. */
async function post(stack: DemoStack, watching: Watch, settings: DemoSettings) {
  const { events, networks, show, signal } = settings;
  const waiting = { ...settings, pass: watching.pass };
  const beganMs = Date.now();
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
    // Earlier events settle before their surroundings change.
    if (event.meanwhile !== undefined) await settle(stack, latestUpdates(said), waiting);
    const call = toCall(event, network, { beganMs, nowMs: Date.now() });
    const scene = setUp(stack, event, call.said, show);
    for (let i = 0; i < event.times && !signal.aborted; i += 1) {
      const answer = await send(stack.url, call);
      // The path as written in the file: the real one may hold a token.
      show(`  POST ${event.path}  ->  ${answer.text}`);
      if (!answer.ok) refused += 1;
    }
    if (call.said !== undefined) {
      said.push(call.said);
      watching.follow(call.said);
    }
    await watching.pass();
    await scene?.(waiting);
  }
  return { said, allAccepted: refused === 0 };
}

function settle(stack: DemoStack, updates: readonly Said[], waiting: DueCertificates): Promise<void> {
  return until(async () => {
    const settled = await Promise.all(updates.map((update) => isSettled(stack, update)));
    return settled.every(Boolean);
  }, waiting);
}

/**
 * Plays the events against the relay and shows the results. True if RunCloud ended as they say and visitors of
 * every domain, in a world of our own, are shown a certificate that is valid.
 */
export async function play(stack: DemoStack, settings: DemoSettings): Promise<boolean> {
  const { names, show } = settings;
  const { internet } = stack;
  if (internet !== undefined) pointOwnDomains(internet, settings.networks.values());
  const watching = watch(stack, show);
  const { said, allAccepted } = await post(stack, watching, settings);
  const updates = latestUpdates(said);
  await settle(stack, updates, { ...settings, pass: watching.pass });
  const visitors = internet === undefined ? undefined : visitorsOf(internet);
  const rows = await result(updates, { ledger: stack.ledger, names, visitors });
  show(`\n${table(rows)}\n`);
  const good = allAccepted && asTold(rows);
  show(good ? 'RunCloud ended as the events say.' : 'RunCloud did not end as the events say.');
  return good;
}
