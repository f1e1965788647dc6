import { afterEach, beforeEach } from '@jest/globals';
import { runcloudHosting } from '../../../../lib/runcloud/domains.ts';
import { installSsl, redeploySsl } from '../../../../lib/runcloud/ssl.ts';
import type { Hosting } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { RunningRuncloud } from '../../../../local/runcloud/server.ts';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import { type ManualClock, manualClock } from '../../../doubles/manual-clock.ts';
import { app, clientOf, ids, runcloudWorld } from '../../../support/runcloud/runcloud.ts';
/** The real client over real HTTP, and a clock that only a test moves. */
export let runcloud: RunningRuncloud;
export let hosting: Hosting;
export let clock: ManualClock;
export let unresolved: Set<string>;

/** A RunCloud of its own for each test. */
export function startsSwitchWorld(): void {
  beforeEach(async () => {
    clock = manualClock(Date.UTC(2026, 10, 21, 5));
    unresolved = new Set();
    runcloud = await runcloudWorld({ clock, resolves: (name) => !unresolved.has(name) });
    hosting = runcloudHosting(clientOf(runcloud), ids);
  });

  afterEach(() => runcloud.close());
}

export function turn(switches: Partial<Switches>) {
  return Object.assign(runcloud.switches, switches);
}
export function add(name: string, www = false) {
  return hosting.add({ name, www });
}
export function names() {
  return runcloud.app(app).domains.map(({ name }) => name);
}
export const domain = { ...ids, domainId: 1 };
export function install(owner: typeof ids | typeof domain = ids) {
  return installSsl(clientOf(runcloud), owner);
}
export function covered() {
  return runcloud.app(app).ssl?.names;
}
function manyDomains(count: number) {
  return Array.from({ length: count }, (_, index) => ({ name: `d${index}.example` }));
}
export function addInPanel(count: number) {
  for (const seed of manyDomains(count)) runcloud.addInPanel(app, seed);
}

/** Installs for the primary, adds a second name, orders again. */
export async function installAddRedeploy() {
  const ssl = await install();
  if (ssl === 'unclear') throw new Error('Not installed');
  await add('shop.example');
  await redeploySsl(clientOf(runcloud), ids, ssl.id);
}
export type Rules = Readonly<Record<string, () => Promise<void>>>;
