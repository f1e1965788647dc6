import { readFileSync } from 'node:fs';
import { z } from 'zod';

const eventFileSchema = z.object({ body: z.record(z.string(), z.unknown()) });

/** The body of a sample event (`events/`), with a time in it. */
export function sampleEvent(file: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(new URL(`../events/${file}.json`, import.meta.url), 'utf8');
  const { body } = eventFileSchema.parse(JSON.parse(text));
  if (body.type !== undefined) return { ...body, timestamp: '2026-11-21T05:00:00.123Z' };
  return body.domain_id === 0 ? body : { ...body, domain_date_created: '2026-11-21 05:00:00' };
}

const domain = 'shop.acme-bikes.com';

export const acceptedExample = {
  id: 'evt-57',
  network: 'default',
  domain,
  status: 'accepted',
  latest: '2026-11-21T05:00:00.123Z',
  statusUrl: `https://relay.network.example/default/domains/${domain}`,
};

const summaryExample = {
  domain,
  wanted: 'present',
  hosting: { state: 'present', reason: null, since: '2026-11-21T05:00:02.519Z', nextTryAt: null },
  certificate: {
    state: 'waiting-dns',
    reason: 'dns-mismatch',
    fix: `Point an A record for ${domain} at 203.0.113.10; it now points at 198.51.100.7`,
    attempts: 3,
    nextTryAt: '2026-11-21T05:08:00.000Z',
    notAfter: null,
    via: null,
  },
};

export const domainPageExample = { network: 'default', domains: [summaryExample], cursor: null };

export const domainStatusExample = {
  network: 'default',
  ...summaryExample,
  lastError: null,
  history: [{ at: '2026-11-21T05:00:00.310Z', what: 'accepted', detail: 'domain.added' }],
};

export const connectionExample = {
  network: 'default',
  ok: false,
  checks: [
    { name: 'secret', state: 'ok', detail: 'The secret is complete', fix: null },
    {
      name: 'token',
      state: 'failed',
      detail: 'RunCloud does not accept the token',
      fix: 'Create a token in the workspace and set WU_RUNCLOUD_API_TOKEN',
    },
  ],
};

export const domainOutcomeExample = {
  type: 'domain.settled',
  timestamp: '2026-11-21T05:09:12.000Z',
  data: {
    network: 'default',
    domain,
    wanted: 'present',
    siteId: 12,
    domainId: 57,
    inReplyTo: null,
    hosting: summaryExample.hosting,
    certificate: {
      state: 'valid',
      reason: null,
      fix: null,
      attempts: 1,
      nextTryAt: null,
      notAfter: '2027-02-19T05:09:00.000Z',
      via: null,
    },
    lastError: null,
  },
};

export const pauseOutcomeExample = {
  type: 'network.paused',
  timestamp: '2026-11-21T05:00:02.000Z',
  data: {
    network: 'default',
    code: 'runcloud-unauthorized',
    message: 'RunCloud does not accept the token',
    fix: 'Put a current workspace token into WU_RUNCLOUD_API_TOKEN',
    since: '2026-11-21T05:00:02.000Z',
  },
};
