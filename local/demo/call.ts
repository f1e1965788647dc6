import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { NetworkSettings } from '../../lib/settings/settings.ts';
import { normalizeDomain } from '../../lib/webhook/domain-name.ts';
import type { SampleEvent } from './events.ts';

/** What a call says about a domain, and when that happened. */
export interface Said {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly atMs: number;
}

export interface Call {
  /** With the token in it: never to be shown. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Undefined: nothing about whether a domain is wanted. */
  readonly said: Said | undefined;
}

const signedSchema = z.object({ type: z.string(), data: z.object({ domain: z.string() }) });
const builtInSchema = z.object({ domain_id: z.number().positive(), domain_domain: z.string() });

const wantedBy: Readonly<Record<string, Said['wanted']>> = {
  'domain.added': 'present',
  'domain.removed': 'absent',
};

function said({ network, body }: SampleEvent, atMs: number): Said | undefined {
  const signed = signedSchema.safeParse(body);
  const builtIn = builtInSchema.safeParse(body);
  const wanted = signed.success ? wantedBy[signed.data.type] : builtIn.success ? 'present' : undefined;
  const raw = signed.success ? signed.data.data.domain : builtIn.success ? builtIn.data.domain_domain : '';
  const name = normalizeDomain(raw);
  return wanted === undefined || !name.ok ? undefined : { network, domain: name.domain, wanted, atMs };
}

/** A time in MySQL's format. */
function mysqlTime(atMs: number) {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

function withTime({ body, path }: SampleEvent, atMs: number): object {
  return path.includes('{token}')
    ? { domain_date_created: mysqlTime(atMs), ...body }
    : { timestamp: new Date(atMs).toISOString(), ...body };
}

/**
 * The bytes and headers of a sample call that is sent now. Its event happened before the play began: on a slow
 * machine, too, an event that is sent late is older than the one before.
 */
export function toCall(
  event: SampleEvent,
  settings: NetworkSettings,
  { beganMs, nowMs }: { readonly beganMs: number; readonly nowMs: number },
): Call {
  const atMs = beganMs - event.secondsAgo * 1_000;
  const body = JSON.stringify(withTime(event, atMs));
  const id = `msg_${randomUUID()}`;
  const signs = !event.path.includes('{token}');
  return {
    path: event.path.replace('{token}', settings.hookTokens[0] ?? ''),
    headers: {
      'content-type': 'application/json',
      ...(signs
        ? {
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
            'webhook-signature': settings.relaySecrets
              .map((secret) => new Webhook(secret).sign(id, new Date(nowMs), body))
              .join(' '),
          }
        : {}),
    },
    body,
    said: said(event, atMs),
  };
}

/** The last update about each domain: the state that RunCloud must reach. */
export function latestUpdates(all: readonly Said[]): Said[] {
  const last = new Map<string, Said>();
  for (const update of all) {
    const key = `${update.network} ${update.domain}`;
    const known = last.get(key);
    if (known === undefined || update.atMs >= known.atMs) last.set(key, update);
  }
  return [...last.values()];
}
