import type { CertificateItem } from '../../lib/sync/ledger/items/certificate-item.ts';
import type {
  CertificateWork,
  CertificateWorkItem,
} from '../../lib/sync/ledger/items/certificate-work-item.ts';
import type { ComparisonItem } from '../../lib/sync/ledger/items/comparison-item.ts';
import type { DomainItem } from '../../lib/sync/ledger/items/domain-item.ts';
import type { ListingItem } from '../../lib/sync/ledger/items/listing-item.ts';
import type { NetworkItem } from '../../lib/sync/ledger/items/network-item.ts';
import type { NoticesItem } from '../../lib/sync/ledger/items/notices-item.ts';
import type { OutcomeItem } from '../../lib/sync/ledger/items/outcome-item.ts';
import type { WorkItem } from '../../lib/sync/ledger/items/work-item.ts';
import { domainItem } from '../support/sync/items.ts';

const schedule: WorkItem = {
  revision: 3,
  dueAt: null,
  sendAt: null,
  attempts: 2,
  waitedMs: 90_000,
  refusedMs: 0,
  backoff: { since: 1_763_000_000_000, until: 1_763_000_120_000, counter: 'waitedMs' },
  firstFailureAt: null,
  owner: null,
  leaseUntil: null,
  attempt: null,
  ambiguousUntil: null,
  crashes: 0,
  toSend: [],
};

const history = [{ at: '2026-11-21T05:00:00.200Z', what: 'accepted', detail: '' }];

/** With every nullable field null: what a new update makes. */
export function bareDomain(domain: string, changes: Partial<DomainItem> = {}): DomainItem {
  return domainItem({
    ...schedule,
    network: 'default',
    domain,
    www: true,
    state: 'pending',
    history,
    ...changes,
  });
}

/** With every nullable field set. */
export function fullDomain(domain: string): DomainItem {
  return bareDomain(domain, {
    dueAt: 1_000,
    sendAt: 2_000,
    firstFailureAt: 500,
    owner: 'worker-1',
    place: { fingerprint: 'ab', at: 3_000, movedMs: 500 },
    leaseUntil: 4_000,
    attempt: { op: 'update', startedAt: 900 },
    ambiguousUntil: 9_000,
    toSend: [
      {
        kind: 'dead-letter',
        id: 'dead-letter-1',
        revision: 3,
        code: 'runcloud-refused',
        reason: 'The name is taken',
        firstFailureAt: 500,
        lastFailureAt: 700,
      },
      {
        kind: 'outcome',
        id: 'msg_worker-1',
        about: 'hosting',
        type: 'domain.failed',
        state: 'failed',
        reason: 'runcloud-refused',
        message: 'The name is taken',
        fix: null,
        inReplyTo: 'msg_1',
        at: 700,
        toMultisite: false,
      },
    ],
    siteId: 12,
    domainId: 57,
    runcloudId: { id: 42, serverId: '7', appId: '9' },
    addedId: 42,
    parking: { reason: 'dns-mismatch', at: 900 },
    wwwServed: true,
    wwwWithheld: { at: 800, over: false },
    grace: {
      until: 3_000,
      before: {
        reason: 'dns-none',
        since: '2026-11-21T04:00:00.000Z',
        www: true,
        native: false,
        parking: { reason: 'dns-none', at: 700 },
      },
    },
    recordedAt: 800,
    wroteAt: 900,
    settledAt: { serverId: '7', appId: '9', at: 950 },
    askedAt: 890,
    told: {
      state: 'failed',
      reason: 'runcloud-timeout',
      inReplyTo: 'msg_1',
      since: '2026-11-21T05:00:01.000Z',
      at: 895,
    },
    reason: 'removals-limited',
    lastError: { code: 'runcloud-timeout', message: 'No answer', at: '2026-11-21T05:00:01.000Z' },
    expiresAt: 1_800_000_000,
  });
}

export function certificate(domain: string, changes: Partial<CertificateItem> = {}): CertificateItem {
  return {
    ...schedule,
    network: 'default',
    domain,
    wanted: true,
    version: null,
    dnsReadyAt: null,
    pointedHereAt: 350,
    orderSaid: 'The order was taken.',
    askedAt: 340,
    state: 'waiting-dns',
    reason: 'dns-mismatch',
    since: '2026-11-21T05:00:00.200Z',
    fix: 'Point an A record here',
    notBefore: '2026-10-01T00:00:00.000Z',
    notAfter: null,
    via: 'edge',
    readySince: 400,
    orderedAt: 500,
    orders: [
      {
        at: 500,
        set: 'f00d',
        how: 'redeploy',
        failed: true,
        refused: true,
        error: { code: 'runcloud-refused', message: 'No.' },
        includedUnready: ['bad.example'],
      },
    ],
    deadLetteredRevision: 2,
    wwwAskedAt: 300,
    told: null,
    lastError: null,
    history,
    expiresAt: null,
    ...changes,
  };
}

const orderWork: CertificateWork = {
  owner: 'worker-1',
  leaseUntil: 900,
  orders: [
    {
      at: 500,
      set: 'f00d',
      how: 'install',
      failed: false,
      refused: false,
      error: null,
      includedUnready: [],
    },
  ],
  ordered: ['shop.example'],
  suspects: [],
};

export function certificateWork(changes: Partial<CertificateWorkItem> = {}): CertificateWorkItem {
  return { ...orderWork, app: { serverId: '7', appId: '9' }, messageAt: 950, ...changes };
}

export function network(changes: Partial<NetworkItem> = {}): NetworkItem {
  return {
    network: 'default',
    pause: null,
    resumedIn: 'id-of-a-table',
    suspicion: null,
    limitedSince: null,
    readsFirst: false,
    refusesDuplicates: true,
    singleRowsAt: 1_795_000_000_000,
    claim: null,
    removals: [{ minute: 29_000_000, count: 2 }],
    additions: [{ minute: 29_000_000, count: 2 }],
    requeue: { reason: 'moved', cursor: null, movedAt: 1_000 },
    requeueSkipped: ['shop.example'],
    comparison: { dueAt: 9_000, begunAt: null },
    drift: {
      at: '2026-11-21T05:00:00.200Z',
      missing: { count: 1, names: ['gone.example'] },
      unwanted: { count: 0, names: [] },
      unknown: { count: 12, names: ['a.example', 'b.example'] },
      dryRun: false,
    },
    lister: { owner: 'worker-1', until: 800, readyAt: null },
    listing: { begunAt: 1_000, doneAt: 2_000 },
    silence: { since: 1_763_000_000_000, asks: 3, askAt: 1_763_000_900_000 },
    tooManyNames: { names: 240, countedAt: 1_763_000_000_000, serverId: '42', appId: '7' },
    server: { serverId: '7', address: '203.0.113.10', readAt: 5 },
    certificates: orderWork,
    certificatesAt: 900,
    toSend: [
      {
        type: 'network.paused',
        at: 700,
        code: 'runcloud-unauthorized',
        message: 'RunCloud refuses the token',
        since: '2026-11-21T05:00:00.200Z',
      },
    ],
    momentAt: 700,
    revision: 0,
    dueAt: null,
    sendAt: null,
    owner: null,
    leaseUntil: null,
    ...changes,
  };
}

export function comparison(changes: Partial<ComparisonItem> = {}): ComparisonItem {
  return {
    begunAt: 1_000,
    serverId: '7',
    appId: '9',
    nextPage: null,
    reading: null,
    rows: 41,
    total: null,
    steady: true,
    served: '0123abcd4567efgh',
    unwanted: { count: 1, names: ['back.example'] },
    unknown: { count: 0, names: [] },
    expiresAt: 1_800_000_000,
    ...changes,
  };
}

export const readingState = {
  nextPage: 3,
  rowsPerPage: 40,
  lastPages: 0,
  total: 161,
  sameTotal: true,
  alike: true,
  sound: true,
  ordered: false,
  lowestId: 81,
};

export function manyRows(count: number): ListingItem['rows'] {
  return Array.from({ length: count }, (_, n) => ({
    id: 5_000_000 + n,
    name: `shop-${n}.${(n * 7_919).toString(36)}.example`,
    type: 'alias',
    www: n % 2 === 0,
    redirection: 'none',
    wildcard: false,
  }));
}

export function listing(changes: Partial<ListingItem> = {}): ListingItem {
  return {
    serverId: '7',
    appId: '9',
    begunAt: 1_000,
    doneAt: 2_000,
    reading: null,
    complete: true,
    confirmed: true,
    parts: 2,
    // An older API does not say everything.
    rows: [...manyRows(2), { id: 1, name: 'old.example', type: undefined, www: undefined, wildcard: true }],
    expiresAt: 1_800_000_000,
    ...changes,
  };
}

export function notices(changes: Partial<NoticesItem> = {}): NoticesItem {
  const notice = {
    code: 'network-paused',
    domain: null,
    message: 'RunCloud refuses the token',
    fix: 'Put a valid token into the secret',
    command: 'doctor',
    at: 1_000,
  };
  return {
    network: 'default',
    waiting: [notice, { ...notice, code: 'domain-failed', domain: 'shop.example', fix: null, command: null }],
    more: 3,
    told: [{ name: 'drift-found', at: 900 }],
    lasting: [notice],
    mailedAt: null,
    sendAt: 2_000,
    ...changes,
  };
}

export function outcome(changes: Partial<OutcomeItem> = {}): OutcomeItem {
  return {
    ...schedule,
    network: 'default',
    id: 'msg_worker-1',
    state: 'open',
    content: { type: 'domain.settled', at: 700, domain: 'shop.example', inReplyTo: null },
    expiresAt: null,
    ...changes,
  };
}
