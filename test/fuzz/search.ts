import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import { fc } from '../support/property.ts';
import { asks } from './asks/asks.ts';
import { type Delivery, delivered, deliveries, type FuzzCall } from './asks/call.ts';
import { knocks } from './asks/knocks.ts';
import { faultsOf } from './faults/faults.ts';
import { type Answered, type Api, call } from './world.ts';

export interface FuzzCase {
  readonly request: FuzzCall;
  readonly delivery: Delivery;
}

/** Events and reads, handed over as a gateway may. */
export const fuzzCases: fc.Arbitrary<FuzzCase> = fc.record({
  request: fc.oneof({ weight: 3, arbitrary: knocks }, { weight: 1, arbitrary: asks }),
  delivery: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom<Delivery>('base64', 'text') },
    { weight: 1, arbitrary: fc.constantFrom(...deliveries) },
  ),
});

export interface Slow {
  readonly durationMs: number;
  readonly event: APIGatewayProxyEventV2;
  readonly status: number;
}

export interface Found {
  /** How many answers had each status; 0: no function was called. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The outcomes of updates, at each API handler. */
  readonly updates: ReadonlySet<string>;
  /** The slowest first. */
  readonly slowest: readonly Slow[];
  /** The smallest call that is answered wrongly, and how. */
  readonly fault: { readonly found: FuzzCase; readonly faults: readonly string[] } | undefined;
}

const keptSlow = 10;

const updateSchema = z.object({ status: z.enum(['accepted', 'duplicate', 'superseded']) });
function updateOf({ reply }: Answered): string | undefined {
  return reply.statusCode === 202 ? updateSchema.parse(JSON.parse(reply.body ?? '')).status : undefined;
}

/** Makes this many calls, and searches for the smallest that is answered wrongly. */
export async function search(options: {
  readonly requests: number;
  readonly seed: number;
  readonly onCall?: (calls: number) => void;
  /** What becomes of the real handlers; default: nothing. */
  readonly planted?: (api: Api) => Api;
}): Promise<Found> {
  const statuses = new Map<number, number>();
  const updates = new Set<string>();
  const slowest: Slow[] = [];
  let calls = 0;
  const examine = async ({ request, delivery }: FuzzCase): Promise<string[]> => {
    calls += 1;
    options.onCall?.(calls);
    const event = delivered(request, delivery);
    if (event === undefined) {
      statuses.set(0, (statuses.get(0) ?? 0) + 1);
      return [];
    }
    const answered = await call(event, options.planted);
    const status = answered.reply.statusCode ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const update = updateOf(answered);
    if (update !== undefined) updates.add(`${event.routeKey.split('/').at(-1)}: ${update}`);
    const { durationMs } = answered;
    if (slowest.length < keptSlow || durationMs > (slowest.at(-1)?.durationMs ?? 0)) {
      slowest.push({ durationMs, event, status });
      slowest.sort((a, b) => b.durationMs - a.durationMs).splice(keptSlow);
    }
    return faultsOf(event, answered);
  };
  const property = fc.asyncProperty(fuzzCases, async (one) => (await examine(one)).length === 0);
  const checked = await fc.check(property, { numRuns: options.requests, seed: options.seed });
  if (!checked.failed) return { statuses, updates, slowest, fault: undefined };
  const [found] = checked.counterexample ?? [];
  if (found === undefined) throw new Error('The search ended without an example');
  return { statuses, updates, slowest, fault: { found, faults: await examine(found) } };
}
