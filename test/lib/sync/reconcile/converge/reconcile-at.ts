import { RuncloudRefused, RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import type { HostedDomain, Hosting } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import type { KeptListing } from '../../../../../lib/sync/network/listing/kept-listings.ts';
import { type Listing, readListing } from '../../../../../lib/sync/network/listing/listing.ts';
import { converge, type Steps } from '../../../../../lib/sync/reconcile/converge/converge.ts';
import type { Goal } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { type HostingCall, type MemoryHostingOptions, memoryHosting } from '../../../../doubles/hosting.ts';
import { goal } from '../../../../support/sync/goal.ts';
import { DOMAIN, NOW } from '../../../../support/sync/items.ts';

export const APEX = 'acme-bikes.com';

export const WWW = `www.${APEX}`;

export const observations = { method: 'POST', path: '/domains' };

export const network = { id: 1, name: 'network.example', type: 'primary' } as const;

export const alias = { id: 5, name: DOMAIN };

interface Options extends MemoryHostingOptions {
  readonly goal?: Partial<Goal>;
  /** Parts of RunCloud that behave otherwise. */
  readonly part?: (hosting: Hosting) => Partial<Hosting & { list(): Promise<Listing> }>;
  readonly kept?: Listing;
  /** An earlier pass has read the beginning of every list. */
  readonly resumed?: boolean;
  readonly beforeWrite?: Steps['beforeWrite'];
  /** RunCloud's own words in the answer to a write. */
  readonly said?: string;
}

function timed(listing: Listing): KeptListing {
  return { ...listing, begunAt: NOW, doneAt: NOW };
}

/** One pass over RunCloud, in memory; a test says what is there and what goes wrong. */
export async function reconcileAt({
  goal: goalPart = {},
  part,
  kept,
  said,
  beforeWrite,
  resumed = false,
  onCall,
  ...options
}: Options = {}) {
  const calls: HostingCall[] = [];
  const memory = memoryHosting({
    domains: [network],
    ...options,
    onCall: async (call) => {
      calls.push(call);
      await onCall?.(call);
    },
  });
  const hosting = { ...memory, list: () => readListing(memory), ...part?.(memory) };
  const list = async () => ({ ...timed(await hosting.list()), resumed });
  const confirmed: { readonly first: Listing; readonly second: Listing }[] = [];
  const outcome = await converge(goal(goalPart), {
    hosting: { ...hosting, list, remove: ({ id }) => hosting.remove(id) },
    saidOfWrite: () => said,
    beforeWrite: beforeWrite ?? (() => undefined),
    keptListing: async () => kept && timed(kept),
    wasConfirmed: async (first, second) => void confirmed.push({ first, second }),
  });
  const named = (name: string): HostedDomain[] => [...memory.rows.values()].filter((it) => it.name === name);
  return { outcome, calls, ops: calls.map(({ op }) => op), named, confirmed };
}

export function failing(op: HostingCall['op'], error: Error) {
  return async (call: HostingCall) => {
    if (call.op === op) throw error;
  };
}

export function timeout() {
  return new RuncloudTimeout('No answer', { ...observations, unanswered: true });
}

export function refusal() {
  return new RuncloudRefused('RunCloud refused', { ...observations, status: 422 });
}
