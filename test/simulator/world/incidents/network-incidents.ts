import { claimKey } from '../../../../lib/sync/ledger/keys.ts';
import { START, type World } from '../world.ts';

const HOUR_MS = 60 * 60_000;

/** The network as a whole fails for a while, and then an operator repairs it. */
export function planIncident(world: World): void {
  const { scheduler, ledger, scenario } = world;
  const { incident } = scenario;
  if (incident === null) return;
  const claims = world.runclouds.map(({ app }) => ({
    key: claimKey(app.serverId, app.appId),
    before: { network: 'other', renewedAt: 0 },
  }));
  const claim = (): void => {
    for (const one of claims) {
      one.before = ledger.peek(one.key) ?? one.before;
      ledger.put(one.key, { network: 'other', renewedAt: scheduler.now() + 30 * 24 * HOUR_MS });
    }
  };
  // A claim that was live stays its network's: a free one would be a third network's, which no rule allows.
  const giveBack = (): void => {
    for (const { key, before } of claims) ledger.put(key, before);
  };
  scheduler.at(START + incident.from * 1_000, () => {
    scheduler.note(`incident: ${incident.kind}`);
    world.incident = incident.kind;
    if (incident.kind === 'claimed') claim();
    if (incident.kind === 'rotated') Object.assign(world.token, { accepted: 'second', inSecret: 'second' });
    if (incident.kind === 'wrong-token') world.token.inSecret = 'wrong';
  });
  scheduler.at(START + (incident.from + incident.lasts) * 1_000, () => {
    scheduler.note(`over: ${incident.kind}`);
    world.incident = null;
    if (incident.kind === 'claimed') giveBack();
    world.token.inSecret = world.token.accepted;
  });
}

/** The secret begins to name another web application. The next update makes the relay notice. */
export function planMove(world: World): void {
  const { scheduler, scenario } = world;
  if (scenario.movesAt === null) return;
  scheduler.at(START + scenario.movesAt * 1_000, () => {
    scheduler.note('moved to another application');
    world.current = 1;
  });
}
