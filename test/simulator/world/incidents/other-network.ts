import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import { NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { rateLimitKey } from '../../../../lib/sync/ledger/keys.ts';
import { follow } from '../../../../lib/sync/ledger/updates/followed.ts';
import { noCalls, rateLimited } from '../../../../lib/sync/network/limits/rate-limit.ts';
import { actorClock, unreliableLedger } from '../../chance/unreliable-ports.ts';
import { takesCall } from '../runcloud/rate-limited-runcloud.ts';
import { fingerprintOf, type World } from '../world.ts';

const WORKS_FOR_MS = 90 * 60_000;
const TIMEOUT_MS = 120_000;

/** Another network of the same deployment, with the same RunCloud token, makes a call now and then for an hour and a half. */
export function planOtherNetwork(world: World): void {
  const { scenario, scheduler, surroundingsRandom } = world;
  if (!scenario.surroundings.sharesToken) return;
  const until = scheduler.now() + WORKS_FOR_MS;
  let calls = 0;
  const call = async (): Promise<void> => {
    const actor = {
      name: `other-network-${calls++}`,
      deadlineAt: scheduler.now() + TIMEOUT_MS,
      mortal: false,
    };
    const services = {
      ledger: unreliableLedger(world, actor, world.ledger),
      clock: actorClock(scheduler, actor),
      random: () => surroundingsRandom.roll(),
      reportCallsThisMonth: () => undefined,
    };
    const work = async (): Promise<void> => {
      try {
        const guard = rateLimited(
          services,
          follow(services.ledger, rateLimitKey(fingerprintOf(world.token.inSecret))),
          noCalls(),
        );
        await guard.before();
        const status = takesCall(world.runcloudLimit, scheduler.now()) ? 200 : 429;
        await guard.after({
          limit: scenario.callsPerMinute,
          remaining: undefined,
          retryAfterMs: undefined,
          status,
        });
      } catch (error) {
        const expected =
          error instanceof NotBefore || error instanceof Unavailable || error instanceof UnreadableItem;
        if (!expected) throw error;
      }
    };
    scheduler.start(actor, work);
    const next = scheduler.now() + surroundingsRandom.between(1_000, 30_000);
    if (next < until) scheduler.at(next, () => void call());
  };
  scheduler.at(scheduler.now(), () => void call());
}
