import * as z from 'zod';
import type { LiveStatus } from '../../functions/http/live-status.ts';
import { exactly } from '../../lib/exactly.ts';
import type { CertificateView, DomainSummary, DomainView, HostingView } from '../../lib/sync/status/view.ts';
import { instant, lastError, wanted } from './values.ts';

export const hosting = exactly<HostingView>()(
  z.object({
    state: z.enum(['pending', 'present', 'parked', 'removing', 'absent', 'failed', 'paused']),
    reason: z
      .string()
      .nullable()
      .describe('For example covered-by-wildcard, served-by-apex, removals-limited, or a code of lastError'),
    since: instant,
    nextTryAt: instant.nullable().describe('Null once nothing is left to do'),
  }),
).describe('Whether RunCloud serves the domain');

export const certificate = exactly<CertificateView>()(
  z.object({
    state: z.enum(['none', 'pending', 'waiting-dns', 'requested', 'valid', 'failed']),
    reason: z.string().nullable().describe('For example dns-mismatch, held-by-name, order-failed, expiring'),
    fix: z.string().nullable().describe('What the owner of the name can do about the reason, in a sentence'),
    attempts: z.int().min(0),
    nextTryAt: instant.nullable(),
    notAfter: instant.nullable(),
    via: z
      .string()
      .nullable()
      .describe('Where visitors meet the certificate, if it is not the server itself'),
  }),
).describe('Whether visitors of the domain meet a valid certificate');

const summary = {
  domain: z.string(),
  wanted,
  hosting,
  certificate,
};

export const domainSummary = exactly<DomainSummary>()(z.object(summary));

const domainView = {
  network: z.string(),
  ...summary,
  lastError: lastError.nullable(),
  history: z
    .array(z.object({ at: instant, what: z.string(), detail: z.string() }))
    .readonly()
    .describe('The last twenty entries, the latest last'),
};

// The compiler holds this to the answer; the route adds `live` to it.
exactly<DomainView>()(z.object(domainView));

export const notSeen = z.object({ error: z.string() }).describe('Why this could not be read just now');

export const live = exactly<LiveStatus>()(
  z.object({
    dns: z.union([
      z.object({
        addresses: z.array(z.string()).readonly(),
        verdict: z.enum([
          'here',
          'proxied',
          'dns-none',
          'dns-mismatch',
          'dns-ipv6',
          'dns-caa',
          'dns-unanswered',
        ]),
      }),
      notSeen,
    ]),
    tls: z.union([
      z.object({
        valid: z.boolean(),
        names: z.array(z.string()).readonly(),
        notAfter: instant.nullable(),
      }),
      notSeen,
    ]),
    runcloud: z.union([
      z.object({
        id: z.int(),
        type: z.enum(['primary', 'alias', 'redirect']).nullable(),
        www: z.boolean().nullable(),
      }),
      notSeen,
    ]),
  }),
).describe('DNS, TLS and RunCloud as they are now');

export const domainStatus = z.object({ ...domainView, live: live.optional().describe('Only with live=1') });

export const domainPage = z.object({
  network: z.string(),
  domains: z.array(domainSummary),
  unreadable: z
    .array(z.string())
    .optional()
    .describe('Names that this version cannot read: they may be in any state. Missing if there are none'),
  cursor: z.string().nullable().describe('For the next page; null on the last one'),
});
