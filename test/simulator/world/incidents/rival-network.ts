import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import { AppClaimed, NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { claimKey, type Key, type Kind, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import type { App } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { ensureClaim } from '../../../../lib/sync/network/claim.ts';
import { createBy } from '../../../doubles/create-by.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { unreliableLedger } from '../../chance/unreliable-ports.ts';
import { NETWORK, START, type World } from '../world.ts';

const RIVAL = 'rival';
const OTHER_APP: App = { serverId: '42', appId: '9' };
const TIMEOUT_MS = 120_000;
const MOST_BETWEEN_MS = 20 * 60_000;
/** What its last pass has sent has arrived by then. */
const CORRECTED_AFTER_MS = 10 * 60_000;

/** When it leaves the application alone, in seconds after the beginning. */
export function rivalEnds({ scenario }: Pick<World, 'scenario'>): number {
  const { rival } = scenario.surroundings;
  return rival === null ? 0 : rival.from + rival.lasts + CORRECTED_AFTER_MS / 1_000;
}

/** The claims and the other network are those of the deployment; all other items are its own. */
function ledgerOf(own: Ledger, shared: Ledger): Ledger {
  const holding = ({ kind, network }: Key<Kind>) => (kind === 'claim' || network === NETWORK ? shared : own);
  const oneItem: Pick<Ledger, 'read' | 'write'> = {
    read: (key) => holding(key).read(key),
    write: (key, item, writes) => holding(key).write(key, item, writes),
  };
  return { ...own, ...oneItem, create: createBy(oneItem) };
}

/**
 * Another network of the deployment, a copy of the multisite say, whose secret names the first web application for a while. Its
 * passes claim it as every pass does, and one of the two networks gets it.
 */
export function planRival(world: World, guarding: (ledger: Ledger, actor: Actor) => Ledger): void {
  const { scenario, scheduler, surroundingsRandom, runclouds } = world;
  const { rival } = scenario.surroundings;
  if (rival === null) return;
  const own = memoryLedger();
  const until = START + (rival.from + rival.lasts) * 1_000;
  let passes = 0;
  const claim = async (app: App, ledger: Ledger): Promise<void> => {
    try {
      const now = scheduler.now();
      const item = own.peek(networkKey(RIVAL));
      await ensureClaim(ledger, item, { network: RIVAL, access: { app, readAt: now }, now });
      scheduler.note(`${RIVAL} has claimed application ${app.appId}`);
    } catch (error) {
      const unusable = error instanceof Unavailable || error instanceof UnreadableItem;
      if (!(error instanceof AppClaimed || error instanceof NotBefore || unusable)) throw error;
    }
  };
  const pass = (): void => {
    const actor = { name: `${RIVAL}-${passes++}`, deadlineAt: scheduler.now() + TIMEOUT_MS, mortal: true };
    const ledger = unreliableLedger(world, actor, ledgerOf(own, guarding(world.ledger, actor)));
    scheduler.start(actor, () => claim(runclouds[0].app, ledger));
    const next = scheduler.now() + surroundingsRandom.between(1_000, MOST_BETWEEN_MS);
    if (next < until) scheduler.at(next, pass);
  };
  scheduler.at(START + rival.from * 1_000, pass);
  // Its operator corrects the secret, once the relay can read whose the application is: a claim that cannot be released holds for two days.
  const correct = (): void => {
    const { serverId, appId } = runclouds[0].app;
    if (world.ledger.isSpoilt(claimKey(serverId, appId))) {
      scheduler.at(scheduler.now() + CORRECTED_AFTER_MS, correct);
      return;
    }
    const calm = ledgerOf(own, world.ledger);
    claim(runclouds[0].app, calm)
      .then(() => claim(OTHER_APP, calm))
      .catch((error: unknown) => {
        scheduler.failure ??= error;
      });
  };
  scheduler.at(until + CORRECTED_AFTER_MS, correct);
}
