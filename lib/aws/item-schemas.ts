import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Kind, StoredItems } from '../sync/ledger/keys.ts';

/** Accepts a schema only if it describes all of T and nothing but T, so that neither can change alone. */
function exactly<T>() {
  return <S extends z.ZodType<T>>(schema: T extends z.output<S> ? S : never): S => schema;
}

const errorCode = exactly<ErrorCode>()(
  z.enum([
    'runcloud-unauthorized',
    'runcloud-forbidden',
    'runcloud-blocked',
    'runcloud-not-found',
    'runcloud-rate-limited',
    'runcloud-quota-spent',
    'runcloud-refused',
    'runcloud-unavailable',
    'runcloud-timeout',
    'app-claimed',
    'not-announced',
    'protected-domain',
    'primary-domain',
    'secret-invalid',
    'paused',
    'internal-error',
  ]),
);

/** Null attributes are not stored, so a missing one is null. */
function orNull<S extends z.ZodType>(schema: S) {
  return schema.nullable().default(null);
}

function list<S extends z.ZodType>(schema: S) {
  return z.array(schema).readonly();
}

const version = z.object({
  timestamp: z.string(),
  id: z.string(),
  earlierIds: list(z.string()).exactOptional(),
});
const history = list(z.object({ at: z.string(), what: z.string(), detail: z.string() }));
const lastError = z.object({ code: errorCode, message: z.string(), at: z.string() });
const callsOfMonth = z.object({ month: z.string(), count: z.number() });
const attempt = z.object({ op: z.enum(['add', 'remove', 'update']), startedAt: z.number() });

const backoff = z.object({
  since: z.number(),
  until: z.number(),
  counter: z.enum(['waitedMs', 'refusedMs']),
});

const parkingReason = z.enum([
  'dns-none',
  'dns-mismatch',
  'dns-ipv6',
  'dns-caa',
  'dns-unanswered',
  'name-unsupported',
]);

const owedDeadLetter = z.object({
  kind: z.literal('dead-letter'),
  id: z.string(),
  revision: z.number(),
  code: z.union([errorCode, z.enum(['callback-refused', 'callback-unavailable'])]),
  reason: z.string(),
  firstFailureAt: z.number(),
  lastFailureAt: z.number(),
});

const owedOutcome = z.object({
  kind: z.literal('outcome'),
  id: z.string(),
  about: z.enum(['hosting', 'certificate']),
  type: z.enum(['domain.settled', 'domain.failed']),
  state: z.string(),
  reason: orNull(z.string()),
  message: orNull(z.string()),
  fix: orNull(z.string()),
  inReplyTo: orNull(z.string()),
  at: z.number(),
});

const order = z.object({
  at: z.number(),
  set: z.string(),
  how: z.enum(['install', 'redeploy']),
  failed: z.boolean(),
  refused: z.boolean().default(false),
  includedUnready: list(z.string()),
});

const schedule = {
  revision: z.number(),
  dueAt: orNull(z.number()),
  sendAt: orNull(z.number()),
  attempts: z.number(),
  waitedMs: z.number(),
  refusedMs: z.number(),
  backoff: orNull(backoff),
  firstFailureAt: orNull(z.number()),
  owner: orNull(z.string()),
  leaseUntil: orNull(z.number()),
  attempt: orNull(attempt),
  ambiguousUntil: orNull(z.number()),
  crashes: z.number(),
  toSend: list(z.discriminatedUnion('kind', [owedDeadLetter, owedOutcome])),
};

const grace = z.object({
  until: z.number(),
  before: orNull(
    z.object({ reason: orNull(z.string()), since: z.string(), www: z.boolean(), native: z.boolean() }),
  ),
});

const domain = exactly<StoredItems['domain']>()(
  z.object({
    ...schedule,
    network: z.string(),
    domain: z.string(),
    wanted: z.enum(['present', 'absent']),
    version,
    announced: z.boolean().default(false),
    www: z.boolean(),
    native: z.boolean(),
    siteId: orNull(z.number()),
    domainId: orNull(z.number()),
    runcloudId: orNull(z.object({ id: z.number(), serverId: z.string(), appId: z.string() })),
    addedId: orNull(z.number()),
    parking: orNull(z.object({ reason: parkingReason, at: z.number() })),
    wwwServed: orNull(z.boolean()),
    wwwWithheld: orNull(z.object({ at: z.number(), over: z.boolean() })),
    grace: orNull(grace),
    answered: z.boolean(),
    wroteAt: orNull(z.number()),
    askedAt: orNull(z.number()),
    state: z.enum(['pending', 'present', 'parked', 'removing', 'absent', 'failed', 'paused']),
    reason: orNull(z.string()),
    since: z.string(),
    told: orNull(z.object({ state: z.string(), reason: orNull(z.string()), inReplyTo: orNull(z.string()) })),
    lastError: orNull(lastError),
    history,
    expiresAt: orNull(z.number()),
  }),
);

const certificate = exactly<StoredItems['certificate']>()(
  z.object({
    ...schedule,
    network: z.string(),
    domain: z.string(),
    wanted: z.boolean(),
    version: orNull(version),
    dnsReadyAt: orNull(z.number()),
    pointedHereAt: orNull(z.number()),
    askedAt: orNull(z.number()),
    state: z.enum(['none', 'pending', 'waiting-dns', 'requested', 'valid', 'failed']),
    reason: orNull(z.string()),
    since: z.string(),
    fix: orNull(z.string()),
    notBefore: orNull(z.string()),
    notAfter: orNull(z.string()),
    via: orNull(z.literal('edge')),
    readySince: orNull(z.number()),
    orderedAt: orNull(z.number()),
    orders: list(order).default([]),
    deadLetteredRevision: orNull(z.number()),
    wwwAskedAt: orNull(z.number()),
    told: orNull(z.object({ state: z.string(), reason: orNull(z.string()), inReplyTo: orNull(z.string()) })),
    lastError: orNull(lastError),
    history,
    expiresAt: orNull(z.number()),
  }),
);

const names = z.object({ count: z.number(), names: list(z.string()) });

const writesOfMinute = z.object({ minute: z.number(), count: z.number() });
const pauseMoment = z.object({
  type: z.enum(['network.paused', 'network.resumed']),
  at: z.number(),
  code: errorCode,
  message: z.string(),
  since: z.string(),
});

const network = exactly<StoredItems['network']>()(
  z.object({
    network: z.string(),
    pause: orNull(z.object({ code: errorCode, message: z.string(), since: z.string(), probeAt: z.number() })),
    suspicion: orNull(z.object({ code: errorCode, domain: z.string() })),
    limitedSince: orNull(z.number()),
    readsFirst: z.boolean(),
    refusesDuplicates: z.boolean().default(false),
    singleRowsAt: orNull(z.number()),
    claim: orNull(
      z.object({ serverId: z.string(), appId: z.string(), renewedAt: z.number(), readAt: z.number() }),
    ),
    removals: list(writesOfMinute),
    additions: list(writesOfMinute).default([]),
    calls: orNull(callsOfMonth),
    requeue: orNull(z.object({ reason: z.enum(['resumed', 'moved']), cursor: z.string().nullable() })),
    comparison: orNull(z.object({ dueAt: z.number(), begunAt: orNull(z.number()) })),
    drift: orNull(
      z.object({ at: z.string(), missing: names, unwanted: names, unknown: names, dryRun: z.boolean() }),
    ),
    lister: orNull(z.object({ owner: z.string(), until: z.number() })),
    server: orNull(z.object({ serverId: z.string(), address: z.string(), readAt: z.number() })),
    certificates: orNull(
      z.object({
        owner: orNull(z.string()),
        leaseUntil: orNull(z.number()),
        orders: list(order),
        ordered: list(z.string()),
        suspects: list(z.string()).default([]),
      }),
    ),
    silence: orNull(z.object({ since: orNull(z.number()), asks: z.number(), askAt: z.number() })),
    tooManyNames: orNull(
      z.object({ names: z.number(), countedAt: z.number(), serverId: z.string(), appId: z.string() }),
    ),
    toSend: list(pauseMoment).default([]),
    revision: z.number(),
    dueAt: orNull(z.number()),
    sendAt: orNull(z.number()),
    owner: orNull(z.string()),
    leaseUntil: orNull(z.number()),
  }),
);

const comparison = exactly<StoredItems['comparison']>()(
  z.object({
    begunAt: z.number(),
    serverId: z.string(),
    appId: z.string(),
    nextPage: orNull(z.number()),
    rows: z.number(),
    total: orNull(z.number()),
    steady: z.boolean(),
    served: z.string(),
    unwanted: names,
    unknown: names,
    expiresAt: orNull(z.number()),
  }),
);

const domainOrders = exactly<StoredItems['domainOrders']>()(
  z.object({
    orders: list(z.object({ at: z.number(), set: z.string(), names: list(z.string()), failed: z.boolean() })),
    expiresAt: z.number(),
  }),
);

const appOrders = exactly<StoredItems['appOrders']>()(
  z.object({ times: list(z.number()), expiresAt: z.number() }),
);

/** Here the table's key `network` holds the application, so the owner is stored under another name. */
const claim = exactly<StoredItems['claim']>()(
  z.codec(
    z.object({ claimedBy: z.string(), renewedAt: z.number() }),
    z.object({ network: z.string(), renewedAt: z.number() }),
    {
      decode: ({ claimedBy, renewedAt }) => ({ network: claimedBy, renewedAt }),
      encode: ({ network: claimedBy, renewedAt }) => ({ claimedBy, renewedAt }),
    },
  ),
);

const rateLimit = exactly<StoredItems['rateLimit']>()(
  z.object({
    nextFreeAt: z.number(),
    limitPerMinute: z.number(),
    calls: orNull(callsOfMonth),
    expiresAt: orNull(z.number()),
  }),
);

const outcome = exactly<StoredItems['outcome']>()(
  z.object({
    ...schedule,
    network: z.string(),
    id: z.string(),
    state: z.enum(['open', 'done', 'failed']),
    content: z.union([
      z.object({
        type: z.enum(['domain.settled', 'domain.failed']),
        at: z.number(),
        domain: z.string(),
        inReplyTo: orNull(z.string()),
      }),
      pauseMoment,
    ]),
    expiresAt: orNull(z.number()),
  }),
);

const notice = z.object({
  code: z.string(),
  domain: orNull(z.string()),
  message: z.string(),
  fix: orNull(z.string()),
  command: orNull(z.string()),
  at: z.number(),
});

const notices = exactly<StoredItems['notices']>()(
  z.object({
    network: z.string(),
    waiting: list(notice),
    more: z.number(),
    told: list(z.object({ name: z.string(), at: z.number() })),
    lasting: list(notice),
    mailedAt: orNull(z.number()),
    sendAt: orNull(z.number()),
  }),
);

const sweep = exactly<StoredItems['sweep']>()(
  z.object({ owner: orNull(z.string()), leaseUntil: z.number() }),
);

export type StoredSchema<K extends Kind> = z.ZodType<StoredItems[K], Record<string, unknown>>;

/** The schema of each kind of item: decodes on read, encodes on write. */
export const itemSchemas: { readonly [K in Kind]: StoredSchema<K> } = {
  domain,
  certificate,
  network,
  comparison,
  domainOrders,
  appOrders,
  claim,
  rateLimit,
  outcome,
  notices,
  sweep,
};
