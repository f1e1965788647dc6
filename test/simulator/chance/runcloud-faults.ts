import { empty, html, json, message, type Reply } from '../../../local/runcloud/http/replies.ts';
import type { Random } from './random.ts';

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

function tooMany(random: Random, now: number): Reply {
  const seconds = random.between(1, 60);
  const retryAfter = random.pick([
    {},
    { 'retry-after': String(seconds) },
    { 'retry-after': new Date(now + seconds * 1_000).toUTCString() },
  ]);
  return message(429, 'Too Many Attempts.', { 'x-ratelimit-remaining': '0', ...retryAfter });
}

function broken(random: Random): Reply {
  return random.pick([
    message(500, 'Server Error'),
    html(502, 'Bad Gateway'),
    html(503, 'Maintenance'),
    html(504, 'Gateway Time-out'),
  ]);
}

function page(random: Random): Reply {
  return random.pick([
    html(200, 'Just a moment'),
    html(403, 'Attention required'),
    { status: 302, headers: { location: 'https://runcloud.example/login' }, body: '' },
  ]);
}

function bare(random: Random): Reply {
  return random.pick([empty(200), empty(204), json(200, {}), message(200, 'Done.')]);
}

export function sufferedFrom(fault: Fault, random: Random, now: number): Suffered {
  switch (fault) {
    case 'limited':
      return { does: 'never', replies: tooMany(random, now) };
    case 'unavailable':
      return { does: random.pick(['never', 'now', 'later']), replies: broken(random) };
    case 'blocked':
      return { does: random.pick(['never', 'now']), replies: page(random) };
    case 'lost':
      return { does: 'now', replies: 'silence' };
    case 'late':
      return { does: 'later', replies: 'silence' };
    case 'silent':
      return { does: random.pick(['now', 'now', 'now', 'never']), replies: bare(random) };
    case 'broken':
      return random.chance(0.3)
        ? { does: 'never', replies: 'unreachable' }
        : { does: random.pick(['never', 'now', 'later']), replies: 'reset' };
  }
}
