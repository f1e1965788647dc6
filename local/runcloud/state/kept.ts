import { z } from 'zod';
import type { Room } from '../../state.ts';
import type { App, Domain, OrderEntry, Server, SslHolder, Workspace } from './state.ts';

const sslSchema = z.object({
  id: z.number(),
  method: z.enum(['letsencrypt', 'custom', 'csr']),
  enableHttp: z.boolean(),
  enableHsts: z.boolean(),
  protocolId: z.number(),
  authorizationMethod: z.string().nullable(),
  staging: z.boolean(),
  names: z.array(z.string()).readonly(),
  validUntil: z.number(),
  createdAt: z.number(),
  material: z.object({ cert: z.string(), key: z.string() }).optional(),
});

const entrySchema = z.object({
  at: z.number(),
  appId: z.number(),
  names: z.array(z.string()).readonly(),
  outcome: z.enum(['pending', 'issued', 'failed', 'superseded']),
});

const holderSchema = z.object({
  ssl: sslSchema.nullable(),
  pending: z
    .object({
      ssl: sslSchema,
      proven: z.array(z.string()).readonly().optional(),
      readyAt: z.number(),
      entry: entrySchema,
    })
    .nullable(),
});

const domainSchema = holderSchema.extend({
  id: z.number(),
  name: z.string(),
  type: z.enum(['primary', 'alias', 'redirect']),
  www: z.boolean(),
  redirection: z.enum(['none', 'www', 'non-www']),
  wildcard: z.boolean(),
  createdAt: z.number(),
});

const keptSchema = z.union([
  z.object({ app: z.string(), domain: domainSchema }),
  z.object({
    app: z.string(),
    mode: z.object({ advancedSSL: z.boolean(), autoSSL: z.boolean() }),
    holder: holderSchema,
  }),
  z.object({ lastId: z.number() }),
]);

type Kept = z.infer<typeof keptSchema>;

export interface RuncloudKeeper {
  /** Puts what was kept in place of what the seeds say. Returns the last id that was given; undefined: nothing was kept. */
  restore(workspaces: readonly Workspace[], orders: OrderEntry[]): number | undefined;
  /** Writes down what has changed. */
  note(workspaces: readonly Workspace[], lastId: number): void;
}

function nameOf(server: Server, app: App): string {
  return `${server.id}/${app.id}`;
}

function appsOf(workspaces: readonly Workspace[]) {
  return workspaces.flatMap(({ servers }) =>
    servers.flatMap((server) => server.apps.map((app) => ({ app, name: nameOf(server, app) }))),
  );
}

/** All of a certificate that can change while it stays the same object, and the objects that are replaced. */
function stateOf({ ssl, pending }: SslHolder): readonly unknown[] {
  return [ssl, ssl?.enableHttp, ssl?.enableHsts, ssl?.protocolId, pending, pending?.entry.outcome];
}

function rowOf(domain: Domain): readonly unknown[] {
  const { type, www, redirection, wildcard } = domain;
  return [type, www, redirection, wildcard, ...stateOf(domain)];
}

function isSame(before: readonly unknown[] | undefined, now: readonly unknown[]): boolean {
  return before !== undefined && now.every((part, index) => part === before[index]);
}

function putBack(
  { app, name }: { app: App; name: string },
  kept: readonly Kept[],
  orders: OrderEntry[],
): void {
  const own = kept.flatMap((one) => ('app' in one && one.app === name ? [one] : []));
  if (own.length === 0) return;
  app.domains.length = 0;
  for (const one of own) {
    if ('domain' in one) app.domains.push({ ...one.domain, ...heldBy(one.domain) });
    else Object.assign(app, { mode: one.mode, ...heldBy(one.holder) });
  }
  for (const { pending } of [app, ...app.domains]) if (pending !== null) orders.push(pending.entry);
}

function heldBy({ ssl, pending }: z.infer<typeof holderSchema>): SslHolder {
  const withMaterial = (one: z.infer<typeof sslSchema>) => ({ ...one, material: one.material });
  return {
    ssl: ssl && withMaterial(ssl),
    pending: pending && { ...pending, ssl: withMaterial(pending.ssl), proven: pending.proven },
  };
}

/** Keeps the rows, certificates and modes of every web application, each in a row of its own, so that a call writes little. */
export function runcloudKeeper(room: Room): RuncloudKeeper {
  const noted = new Map<string, readonly unknown[]>();

  function noteOne(key: string, now: readonly unknown[], value: () => Kept): void {
    if (isSame(noted.get(key), now)) return;
    room.set(key, value());
    noted.set(key, now);
  }

  return {
    restore: (workspaces, orders) => {
      const entries = room.entries(keptSchema);
      const kept = entries.map(([, value]) => value);
      for (const [key] of entries) noted.set(key, []);
      for (const one of appsOf(workspaces)) putBack(one, kept, orders);
      return kept.flatMap((one) => ('lastId' in one ? [one.lastId] : []))[0];
    },
    note: (workspaces, lastId) => {
      const found = new Set<string>();
      const apps = appsOf(workspaces);
      for (const { app, name } of apps) {
        const { mode, ssl, pending } = app;
        noteOne(`app ${name}`, [mode, ...stateOf(app)], () => ({
          app: name,
          mode,
          holder: { ssl, pending },
        }));
        for (const domain of app.domains) {
          const key = `domain ${name} ${domain.id}`;
          found.add(key);
          noteOne(key, rowOf(domain), () => ({ app: name, domain }));
        }
      }
      const served = new Set(apps.map(({ name }) => name));
      for (const key of noted.keys()) {
        const [kind, name = ''] = key.split(' ');
        // An application that no secret names at the moment keeps what it had.
        if (kind !== 'domain' || found.has(key) || !served.has(name)) continue;
        room.delete(key);
        noted.delete(key);
      }
      noteOne('lastId', [lastId], () => ({ lastId }));
    },
  };
}
