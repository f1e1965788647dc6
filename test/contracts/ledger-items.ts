import type { CertificateItem, DomainItem, NetworkItem, Schedule } from '../../lib/sync/items.ts';

const schedule: Schedule = {
  revision: 3,
  dueAt: null,
  sendAt: null,
  attempts: 2,
  waitedMs: 90_000,
  refusedMs: 0,
  firstFailureAt: null,
  owner: null,
  leaseUntil: null,
  attempt: null,
  ambiguousUntil: null,
  crashes: 0,
  toSend: [],
};

const history = [{ at: '2026-11-21T05:00:00.200Z', what: 'accepted', detail: '' }];

/** With every nullable field null: what a new word makes. */
export const bareDomain = (domain: string, changes: Partial<DomainItem> = {}): DomainItem => ({
  ...schedule,
  network: 'default',
  domain,
  wanted: 'present',
  version: { timestamp: '2026-11-21T05:00:00.123Z', id: 'msg_1' },
  www: true,
  native: false,
  siteId: null,
  domainId: null,
  runcloudId: null,
  wwwServed: null,
  answered: false,
  wroteAt: null,
  state: 'pending',
  reason: null,
  since: '2026-11-21T05:00:00.200Z',
  lastError: null,
  history,
  expiresAt: null,
  ...changes,
});

/** With every nullable field set. */
export const fullDomain = (domain: string): DomainItem =>
  bareDomain(domain, {
    dueAt: 1_000,
    sendAt: 2_000,
    firstFailureAt: 500,
    owner: 'worker-1',
    leaseUntil: 4_000,
    attempt: { op: 'mend', startedAt: 900 },
    ambiguousUntil: 9_000,
    toSend: [
      {
        kind: 'letter',
        id: 'letter-1',
        revision: 3,
        code: 'runcloud-refused',
        reason: 'The name is taken',
        firstFailureAt: 500,
        lastFailureAt: 700,
      },
    ],
    siteId: 12,
    domainId: 57,
    runcloudId: { id: 42, serverId: '7', appId: '9' },
    wwwServed: true,
    wroteAt: 900,
    reason: 'removals-limited',
    lastError: { code: 'runcloud-timeout', message: 'No answer', at: '2026-11-21T05:00:01.000Z' },
    expiresAt: 1_800_000_000,
  });

export const certificate = (domain: string, changes: Partial<CertificateItem> = {}): CertificateItem => ({
  ...schedule,
  network: 'default',
  domain,
  wanted: true,
  version: null,
  retryReason: null,
  state: 'waiting-dns',
  reason: 'dns-mismatch',
  since: '2026-11-21T05:00:00.200Z',
  fix: 'Point an A record here',
  notBefore: '2026-10-01T00:00:00.000Z',
  notAfter: null,
  via: 'edge',
  readySince: 400,
  orderedAt: 500,
  orders: [{ at: 500, set: 'f00d', how: 'redeploy', failed: true, despite: 'bad.example' }],
  wwwAskedAt: 300,
  lastError: null,
  history,
  expiresAt: null,
  ...changes,
});

export const network = (changes: Partial<NetworkItem> = {}): NetworkItem => ({
  network: 'default',
  pause: null,
  suspicion: null,
  limitedSince: null,
  readsFirst: false,
  claim: null,
  removals: [{ minute: 29_000_000, count: 2 }],
  calls: { month: '2026-11', count: 17 },
  walk: { reason: 'resumed', cursor: null },
  server: { serverId: '7', address: '203.0.113.10', readAt: 5 },
  certificates: {
    owner: 'worker-1',
    leaseUntil: 900,
    orders: [{ at: 500, set: 'f00d', how: 'install', failed: false, despite: null }],
    ordered: ['shop.example'],
  },
  revision: 0,
  dueAt: null,
  sendAt: null,
  owner: null,
  leaseUntil: null,
  ...changes,
});
