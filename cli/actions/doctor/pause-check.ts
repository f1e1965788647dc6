import { type Finding, failed, ok, warning } from '../../../lib/connection/check.ts';
import { isSecretPause } from '../../../lib/connection/pause-findings.ts';
import { isRestoredPause, type NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { toSecond } from '../../output/times.ts';

/** Whether the network's work goes on. `paused`: the secret, which is read anew and is right, says PAUSED. */
export function pauseFinding(
  item: Pick<NetworkItem, 'pause'> | undefined,
  paused: boolean,
  network: string,
): Finding {
  if (paused) {
    return warning(
      'PAUSED is set: events are recorded, and nothing is done',
      `relay network resume ${network}`,
    );
  }
  const pause = item?.pause ?? null;
  if (pause === null) return ok('Not paused');
  const { code, message, since, probeAt } = pause;
  if (isSecretPause(pause)) {
    return warning(
      `Paused since ${toSecond(since)} (${code}), and has not noticed yet that the secret is fixed`,
      `Nothing to do: the network goes on by itself. It reads the secret again at ${toSecond(toInstant(probeAt))}`,
    );
  }
  return failed(
    `Paused since ${toSecond(since)} (${code}): ${message}`,
    isRestoredPause(pause)
      ? `Say what is true by now (relay sync --remove-missing), then relay network resume ${network}`
      : 'Correct the cause; the network goes on by itself within fifteen minutes',
  );
}
