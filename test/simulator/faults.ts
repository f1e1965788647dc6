import { empty, html, json, message, type Reply } from '../../local/runcloud/http/replies.ts';
import type { Dice } from './dice.ts';

/**
 * The faults a call may meet. `limited`: 429. `unavailable`: a 5xx, in JSON or as a web page. `blocked`: a web page or a
 * redirect in place of an answer. `lost`: done, no answer in time. `late`: no answer in time, done minutes later.
 * `silent`: a success that does not show what it did. `broken`: the connection ends, or is never made.
 */
export const FAULTS = ['limited', 'unavailable', 'blocked', 'lost', 'late', 'silent', 'broken'] as const;
export type Fault = (typeof FAULTS)[number];

export interface RuncloudChances {
  /** How likely a call meets a fault at all, and which ones there are. */
  probability: number;
  faults: readonly Fault[];
  /** How likely a worker is killed during the wait for a late answer. */
  killedWaiting: number;
}

/** The outcome of one call: whether RunCloud carries it out, and what the caller is answered. */
export interface Suffered {
  readonly does: 'never' | 'now' | 'later';
  /** `silence`: nothing until the caller gives up. `reset`: the connection breaks. `unreachable`: there is none. */
  readonly replies: Reply | 'silence' | 'reset' | 'unreachable';
}

function tooMany(dice: Dice, now: number): Reply {
  const seconds = dice.between(1, 60);
  const retryAfter = dice.pick([
    {},
    { 'retry-after': String(seconds) },
    { 'retry-after': new Date(now + seconds * 1_000).toUTCString() },
  ]);
  return message(429, 'Too Many Attempts.', { 'x-ratelimit-remaining': '0', ...retryAfter });
}

function broken(dice: Dice): Reply {
  return dice.pick([
    message(500, 'Server Error'),
    html(502, 'Bad Gateway'),
    html(503, 'Maintenance'),
    html(504, 'Gateway Time-out'),
  ]);
}

function page(dice: Dice): Reply {
  return dice.pick([
    html(200, 'Just a moment'),
    html(403, 'Attention required'),
    { status: 302, headers: { location: 'https://runcloud.example/login' }, body: '' },
  ]);
}

function bare(dice: Dice): Reply {
  return dice.pick([empty(200), empty(204), json(200, {}), message(200, 'Done.')]);
}

export function sufferedFrom(fault: Fault, dice: Dice, now: number): Suffered {
  switch (fault) {
    case 'limited':
      return { does: 'never', replies: tooMany(dice, now) };
    case 'unavailable':
      return { does: dice.pick(['never', 'now', 'later']), replies: broken(dice) };
    case 'blocked':
      return { does: dice.pick(['never', 'now']), replies: page(dice) };
    case 'lost':
      return { does: 'now', replies: 'silence' };
    case 'late':
      return { does: 'later', replies: 'silence' };
    case 'silent':
      return { does: dice.pick(['now', 'now', 'now', 'never']), replies: bare(dice) };
    case 'broken':
      return dice.chance(0.3)
        ? { does: 'never', replies: 'unreachable' }
        : { does: dice.pick(['never', 'now', 'later']), replies: 'reset' };
  }
}
