import { claimKey } from '../../lib/sync/ledger/keys.ts';
import { START, type World } from './world.ts';

const HOUR_MS = 60 * 60_000;

/** The network as a whole fails for a while, and then an operator repairs it. */
export function troubleSometime(world: World): void {
  const { scheduler, ledger, scenario } = world;
  const { trouble } = scenario;
  if (trouble === null) return;
  const claim = (network: string, renewedAt: number): void => {
    for (const { app } of world.runclouds)
      ledger.put(claimKey(app.serverId, app.appId), { network, renewedAt });
  };
  scheduler.at(START + trouble.from * 1_000, () => {
    scheduler.note(`trouble: ${trouble.kind}`);
    world.trouble = trouble.kind;
    if (trouble.kind === 'claimed') claim('other', scheduler.now() + 30 * 24 * HOUR_MS);
    if (trouble.kind === 'rotated') Object.assign(world.token, { accepted: 'second', inSecret: 'second' });
    if (trouble.kind === 'wrong-token') world.token.inSecret = 'wrong';
  });
  scheduler.at(START + (trouble.from + trouble.lasts) * 1_000, () => {
    scheduler.note(`mended: ${trouble.kind}`);
    world.trouble = null;
    if (trouble.kind === 'claimed') claim('other', 0);
    world.token.inSecret = world.token.accepted;
  });
}

/** The secret begins to name another web application. The next update makes the relay notice. */
export function moveSometime(world: World): void {
  const { scheduler, scenario } = world;
  if (scenario.movesAt === null) return;
  scheduler.at(START + scenario.movesAt * 1_000, () => {
    scheduler.note('moved to another application');
    world.current = 1;
  });
}
