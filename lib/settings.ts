/** How the relay shows itself to RunCloud: a workspace token (API v3) or the legacy pair (API v2). */
export type Credential =
  | { readonly api: 'v3'; readonly token: string }
  | { readonly api: 'v2'; readonly key: string; readonly secret: string };

/** One network's secret, parsed (design §2 "Secrets"). Never logged, never stored. */
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
  /** 0: no brake. */
  readonly removalsPerHour: number;
  readonly paused: boolean;
}

/** A network's settings, or those of them a function keeps. */
export interface Secrets<T> {
  /**
   * Undefined: there is no such network. `fresh` asks again although an answer is kept, at most once in ten seconds
   * for a network. Throws `SecretFaulty` (names the keys, never a value) or `Unavailable('secrets')`.
   */
  settings(network: string, options?: { fresh?: boolean }): Promise<T | undefined>;
}
