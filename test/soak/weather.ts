import type { Fault } from '../../local/runcloud/http/faults.ts';
import type { RunningRuncloud } from '../../local/runcloud/server.ts';
import type { Random } from '../simulator/chance/random.ts';

/** Calls a minute; every answer states it, the faulty ones too, or the relay would pace itself for RunCloud's usual 60. */
export const callsPerMinute = 60_000;
const headers = { 'x-ratelimit-limit': String(callsPerMinute) };

/** On average one call in this many goes wrong. */
const usualBetween = 8;

function faultOf(random: Random): Fault {
  // Well inside the time for which a domain stays under watch after a lost answer.
  const afterMs = random.between(20, 300);
  return random.pick<Fault>([
    { answer: { status: 429, headers, body: { message: 'Too Many Attempts.' } } },
    {
      answer: {
        status: 429,
        headers: { ...headers, 'retry-after': '1' },
        body: { message: 'Too Many Attempts.' },
      },
    },
    { answer: { status: 500, headers, body: { message: 'Server Error' } } },
    { answer: { status: 503, headers, html: 'Maintenance' } },
    { answer: { status: 502, headers, html: 'Bad Gateway' }, does: 'now' },
    { answer: { status: 403, headers, html: 'Attention required' } },
    { answer: { status: 200, headers, body: '' }, does: 'now' },
    { answer: { status: 200, headers, body: {} } },
    { answer: 'drop' },
    { answer: 'drop', does: 'now' },
    { answer: 'drop', does: { afterMs } },
    { answer: { status: 504, headers, html: 'Gateway Time-out' }, does: { afterMs } },
    { delayMs: random.between(50, 1_500) },
    { delayMs: random.between(50, 800), answer: 'drop', does: 'now' },
  ]);
}

/** Arms faults for about this many calls, at random places. */
export function brew(runcloud: RunningRuncloud, calls: number, random: Random): number {
  let armed = 0;
  for (let at = random.between(0, usualBetween); at < calls; at += random.between(1, 2 * usualBetween)) {
    runcloud.arm({ ...faultOf(random), path: /\/domains/, after: at });
    armed += 1;
  }
  return armed;
}
