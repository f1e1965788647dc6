/**
 * Where RunCloud's behaviour is unknown outside RunCloud, it is a switch: the default is what sources and frameworks
 * suggest, the other positions are what a client must live with as well. All can be turned while it runs.
 */
export interface Switches {
  /** Answer to a domain's creation and deletion: the bare resource, or with 204 nothing. */
  domainSuccess: 200 | 201 | 204;
  /** Answer to a name that is there already, or `accepted`: it gets a second row. */
  duplicateName: '422' | '409' | '422-without-errors' | '200-with-message' | 'accepted';
  /** Among whose names a name must be new. */
  namesAreUniqueIn: 'app' | 'server' | 'everywhere';
  /** Whether `www.x` is taken while `x` serves it too. */
  servedWwwIsTaken: boolean;
  deletePrimary: 422 | 403 | 200;
  domainShape: 'full' | 'id-name-created';
  domainFlags: 'numbers' | 'booleans' | 'text';
  /** Whether API v2 has the `meta` and `dns` calls. */
  metaOnV2: boolean;

  sslMissing: 404 | 200;
  sslExists: 'refuse' | 'replace';
  /**
   * How an order goes: shown after `sslIssueMs`, at once, after holding the connection that long, or not at all: with an
   * error, or with a success that only says why.
   */
  sslIssue: 'delayed' | 'immediate' | 'blocking' | 'fails-422' | 'fails-500' | 'fails-200';
  sslIssueMs: number;
  sslLifetimeDays: number;
  /** Answer to POST, PUT and PATCH of one domain's certificate. */
  domainSslAnswer: 'resource' | 'empty';
  redeployCovers: 'all-names' | 'old-names';
  domainSslInBasicMode: 'refuse' | 'switch-to-advanced';
  sslFlags: 'booleans' | 'numbers';
  /** How a certificate says who made it: by the field `method`, by `provider`, in other spellings, or not at all. */
  sslShape: 'method' | 'provider' | 'spelled-out' | 'id-only';
  sslModeKeys: 'advancedSSL' | 'advancedSsl' | 'enabled';
  /** What one name that does not resolve does to an order. */
  unresolvedName: 'fails-order' | 'is-left-out';
  /** The same of one that the CA refuses by its form. */
  unsupportedName: 'fails-order' | 'is-left-out';
  /** Names that lead to the server and whose challenge the CA cannot fetch: a firewall, or a redirect, stands before it. */
  unreachableNames: readonly string[];

  /** Where a refusal says why: Laravel's `message` with `errors`, or what clients of other versions have met. */
  errorShape: 'message' | 'error-message' | 'error' | 'errors' | 'errors-list' | 'text';
  /** The switch in the panel. */
  api: 'on' | 'off';
  /** Calls per token and minute. */
  callsPerMinute: number;
  /** How long that minute lasts; what Retry-After asks for ends with it. */
  minuteMs: number;
  retryAfter: 'absent' | 'seconds' | 'date';
  /** Who refuses a call too many: RunCloud itself, or with a web page the proxy before it. */
  tooManyCalls: 'json' | 'html';
  /** Calls per workspace and calendar month. */
  callsPerMonth: number;
  quotaSpent: 429 | 403;

  listMeta: 'pagination' | 'lastPage' | 'last_page' | 'lastPage-without-total' | 'none';
  perPageOver40: 'clamp' | 422;
}

export const usualSwitches: Readonly<Switches> = {
  domainSuccess: 200,
  duplicateName: '422',
  namesAreUniqueIn: 'server',
  servedWwwIsTaken: true,
  deletePrimary: 422,
  domainShape: 'full',
  domainFlags: 'numbers',
  metaOnV2: true,

  sslMissing: 404,
  sslExists: 'refuse',
  sslIssue: 'delayed',
  sslIssueMs: 30_000,
  sslLifetimeDays: 90,
  domainSslAnswer: 'resource',
  redeployCovers: 'all-names',
  domainSslInBasicMode: 'refuse',
  sslFlags: 'booleans',
  sslShape: 'method',
  sslModeKeys: 'advancedSSL',
  unresolvedName: 'fails-order',
  unsupportedName: 'fails-order',
  unreachableNames: [],

  errorShape: 'message',
  api: 'on',
  callsPerMinute: 60,
  minuteMs: 60_000,
  retryAfter: 'absent',
  tooManyCalls: 'json',
  callsPerMonth: 400_000,
  quotaSpent: 429,

  listMeta: 'pagination',
  perPageOver40: 'clamp',
};
