import { type Finding, failed, notAnswered, ok, warning } from '../../../lib/connection/check.ts';
import type { Io } from '../../io.ts';
import { span } from '../../output/times.ts';
import { atStart } from '../../target/at-start.ts';
import type { Target } from '../../target/target.ts';
import type { DoctorCheck } from './check.ts';

const TIMEOUT_MS = 15_000;
/** The relay refuses a signature that is five minutes off. */
const TOLERANCE_MS = 300_000;
/** A `Date` header has whole seconds, and its answer took its time. */
const NOTICEABLE_MS = 30_000;

function clockFinding(date: string | null, nowMs: number): Finding {
  const aheadMs = nowMs - Date.parse(date ?? '');
  if (Number.isNaN(aheadMs)) return warning('The answer has no Date header to compare with', null);
  const offMs = Math.abs(aheadMs);
  if (offMs < NOTICEABLE_MS) return ok("This machine's clock agrees with the relay's");
  const detail = `This machine's clock is ${span(offMs)} ${aheadMs > 0 ? 'fast' : 'slow'}`;
  const fix = 'Set the clock: the relay refuses signatures that are five minutes off';
  return offMs > TOLERANCE_MS ? failed(detail, fix) : warning(detail, fix);
}

/** Whether the API answers, and how far the clocks are apart. */
export async function apiChecks(target: Target, io: Io): Promise<DoctorCheck[]> {
  const { url } = target;
  const label = atStart(target);
  const check = (name: string, finding: Finding): DoctorCheck => ({ network: null, name, ...finding });
  try {
    const signal = AbortSignal.any([io.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    // No route has this path, so it needs no token and costs nothing.
    const response = await fetch(`${url}/`, { redirect: 'error', signal });
    await response.body?.cancel();
    const answers =
      response.status < 500
        ? ok(`${label} answers at ${url}`)
        : failed(
            `${label} answers ${response.status} at ${url}`,
            'See relay logs, and the status page of AWS',
          );
    return [check('api', answers), check('clock', clockFinding(response.headers.get('date'), io.now()))];
  } catch {
    const fix = 'Check that it runs and that this machine reaches it';
    return [
      check('api', failed(`${label} does not answer at ${url}`, fix)),
      check('clock', notAnswered('No answer to compare with', fix)),
    ];
  }
}
