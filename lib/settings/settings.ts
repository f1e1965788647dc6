import * as z from 'zod/mini';
import { InvalidSecret, type SecretFault } from './invalid-secret.ts';
import { keyPairSchema, settingsSchema, tokenSchema } from './schema.ts';

/** The relay's credential for RunCloud: a workspace token (API v3) or the legacy pair (API v2). */
export type Credential =
  | { readonly api: 'v3'; readonly token: string }
  | { readonly api: 'v2'; readonly key: string; readonly secret: string };

/** One network's secret, parsed (README.md, "The secret of a network"). Never logged, never stored. */
export interface NetworkSettings {
  readonly credential: Credential;
  readonly serverId: string;
  readonly appId: string;
  readonly relaySecrets: readonly string[];
  readonly readTokens: readonly string[];
  readonly hookTokens: readonly string[];
  /** Normalised host names, without the `www.` names they imply. */
  readonly protectedDomains: readonly string[];
  readonly callbackUrl: string | null;
  readonly serverAddresses: readonly string[];
  readonly dnsTarget: string | null;
  /** 0: no removal limit. */
  readonly removalsPerHour: number;
  /** 0: no limit. */
  readonly additionsPerHour: number;
  /** Names whose DNS has never led here may be taken out of the web application (basic SSL). */
  readonly parkUnreadyNames: boolean;
  /** 0: a removal is followed at once. */
  readonly removalGraceMinutes: number;
  readonly paused: boolean;
}

/** Reads a network's settings, or the part of them that a function keeps. */
export interface Secrets<T> {
  /**
   * Undefined: there is no such network. `fresh` reads again although an answer is kept, at most once in ten seconds
   * for a network. Throws `InvalidSecret` (names the keys, never a value) or `Unavailable('secrets')`.
   */
  settings(network: string, options?: { fresh?: boolean }): Promise<T | undefined>;
}

const secretSchema = z.record(z.string(), z.unknown());

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: SecretFault[] };

function parse<T>(schema: z.ZodMiniType<T>, secret: Record<string, unknown>): Parsed<T> {
  const parsed = schema.safeParse(secret);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map(({ path, message }) => ({ key: String(path[0]), message })),
  };
}

function parseCredential(secret: Record<string, unknown>): Parsed<Credential> {
  const token = parse(tokenSchema, secret);
  if (!token.ok) return token;
  const { WU_RUNCLOUD_API_TOKEN } = token.value;
  if (WU_RUNCLOUD_API_TOKEN !== null) return { ok: true, value: { api: 'v3', token: WU_RUNCLOUD_API_TOKEN } };
  if (!secret.WU_RUNCLOUD_API_KEY && !secret.WU_RUNCLOUD_API_SECRET) {
    const message = 'is missing (or, for a personal space, WU_RUNCLOUD_API_KEY and WU_RUNCLOUD_API_SECRET)';
    return { ok: false, faults: [{ key: 'WU_RUNCLOUD_API_TOKEN', message }] };
  }
  const pair = parse(keyPairSchema, secret);
  if (!pair.ok) return pair;
  const { WU_RUNCLOUD_API_KEY, WU_RUNCLOUD_API_SECRET } = pair.value;
  return { ok: true, value: { api: 'v2', key: WU_RUNCLOUD_API_KEY, secret: WU_RUNCLOUD_API_SECRET } };
}

function readJson(raw: string): unknown {
  try {
    // Some editors begin a file with a byte order mark, and `file://…` uploads it along.
    return JSON.parse(raw.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message would quote the secret.
    throw new InvalidSecret('is not valid JSON');
  }
}

/** Parses one network's settings from its secret's text. Throws `InvalidSecret`, which names every faulty key at once. */
export function parseSettings(raw: string): NetworkSettings {
  const secret = secretSchema.safeParse(readJson(raw));
  if (!secret.success) throw new InvalidSecret('must be a JSON object of keys and values');

  const credential = parseCredential(secret.data);
  const settings = parse(settingsSchema, secret.data);
  if (!credential.ok || !settings.ok) {
    throw new InvalidSecret([
      ...(credential.ok ? [] : credential.faults),
      ...(settings.ok ? [] : settings.faults),
    ]);
  }
  return {
    credential: credential.value,
    serverId: settings.value.WU_RUNCLOUD_SERVER_ID,
    appId: settings.value.WU_RUNCLOUD_APP_ID,
    relaySecrets: settings.value.RELAY_SECRET,
    readTokens: settings.value.RELAY_READ_TOKEN,
    hookTokens: settings.value.RELAY_HOOK_TOKEN,
    protectedDomains: settings.value.PROTECTED_DOMAINS,
    callbackUrl: settings.value.CALLBACK_URL,
    serverAddresses: settings.value.SERVER_ADDRESSES,
    dnsTarget: settings.value.DNS_TARGET,
    removalsPerHour: settings.value.REMOVALS_PER_HOUR,
    additionsPerHour: settings.value.ADDITIONS_PER_HOUR,
    parkUnreadyNames: settings.value.PARK_UNREADY_NAMES,
    removalGraceMinutes: settings.value.REMOVAL_GRACE_MINUTES,
    paused: settings.value.PAUSED,
  };
}
