import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { isLoopbackHost } from '../loopback-host.ts';
import { parsedWith, type Refuse } from '../parsed-with.ts';
import { normalizeDomain } from '../webhook/domain-name.ts';
import { SHORTEST_TOKEN } from '../webhook/token.ts';
import { pasteMistake } from './paste-mistake.ts';

/** One key of a secret: `read` parses its text or refuses it. An empty text counts as absent. */
function key<T>(whenAbsent: (refuse: Refuse) => T, read: (value: string, refuse: Refuse) => T) {
  const text = z._default(z.string({ error: 'must be a text: put it in double quotes' }), '');
  return parsedWith(text, (value, refuse): T => {
    if (value === '') return whenAbsent(refuse);
    const slip = pasteMistake(value);
    return slip === undefined ? read(value, refuse) : refuse(slip);
  });
}

function required<T>(read: (value: string, refuse: Refuse) => T) {
  return key<T>((refuse) => refuse('is missing'), read);
}

function optional<T, A>(absent: A, read: (value: string, refuse: Refuse) => T) {
  return key<T | A>(() => absent, read);
}

/** Says which one of several entries is faulty. */
function entry(index: number, all: readonly string[]) {
  return all.length > 1 ? `: entry ${index + 1}` : '';
}

function bySpaces(value: string) {
  return value.split(/\s+/);
}
function byCommas(value: string) {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Text that an Authorization header can hold. */
function headerText(value: string, refuse: Refuse) {
  return /^[\x21-\x7e]+$/.test(value) ? value : refuse('must hold no blanks and no letters beyond ASCII');
}

function digits(value: string, refuse: Refuse) {
  return /^\d{1,20}$/.test(value) ? value : refuse('must be a number, digits only');
}

/** Standard Webhooks asks for 24 to 64 random bytes; 16 cannot be guessed either. */
function relaySecrets(value: string, refuse: Refuse) {
  return bySpaces(value).map((secret, index, all) => {
    // The version belongs to a signature; a sender's log or a page of a library shows both side by side.
    if (secret.startsWith('v1,'))
      return refuse(`must begin with whsec_: "v1," is not part of the secret${entry(index, all)}`);
    const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
    if (encoded === undefined) return refuse(`must be whsec_ followed by base64${entry(index, all)}`);
    const long = Buffer.from(encoded, 'base64').length >= 16;
    return long ? secret : refuse(`is too short: take 24 random bytes or more${entry(index, all)}`);
  });
}

function tokens(value: string, refuse: Refuse) {
  return bySpaces(value).map((token, index, all) => {
    if (token.length < SHORTEST_TOKEN)
      return refuse(`must be ${SHORTEST_TOKEN} characters or more${entry(index, all)}`);
    return headerText(token, refuse);
  });
}

/** The token is a segment of a path. */
function pathTokens(value: string, refuse: Refuse) {
  return /[/?#%\\]/.test(value)
    ? refuse('must hold no character that ends a part of a URL')
    : tokens(value, refuse);
}

function hostName(value: string, refuse: Refuse, where = '') {
  const name = normalizeDomain(value);
  return name.ok ? name.domain : refuse(`is no host name${where}: ${name.message}`);
}

function hostNames(value: string, refuse: Refuse) {
  return byCommas(value).map((name, index, all) => hostName(name, refuse, entry(index, all)));
}

function addresses(value: string, refuse: Refuse) {
  return byCommas(value).map((address, index, all) =>
    isIP(address) === 0 ? refuse(`must be IP addresses separated by commas${entry(index, all)}`) : address,
  );
}

function callbackUrl(value: string, refuse: Refuse) {
  const url = URL.parse(value);
  if (url === null) return refuse('is not a URL');
  const { protocol, hostname, username, password } = url;
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    return refuse('must begin with https:// (http:// only for this very machine)');
  }
  return username + password === '' ? url.href : refuse('must not hold a user name or password');
}

function wholeNumber(value: string, refuse: Refuse) {
  return /^\d{1,9}$/.test(value) ? Number(value) : refuse('must be a whole number, 0 or more');
}

const WEEK_MINUTES = 7 * 24 * 60;

function graceMinutes(value: string, refuse: Refuse) {
  return /^\d{1,5}$/.test(value) && Number(value) <= WEEK_MINUTES
    ? Number(value)
    : refuse(`must be a whole number of minutes, 0 to ${WEEK_MINUTES}`);
}

function yesOrNo(value: string, refuse: Refuse) {
  return value === 'true' || value === 'false' ? value === 'true' : refuse('must be true or false');
}

const none: readonly string[] = [];

/** Every key except RunCloud's credential (README.md, "The secret of a network"). Unknown keys are ignored. */
export const settingsSchema = z.object({
  WU_RUNCLOUD_SERVER_ID: required(digits),
  WU_RUNCLOUD_APP_ID: required(digits),
  RELAY_SECRET: required(relaySecrets),
  RELAY_READ_TOKEN: optional(none, tokens),
  RELAY_HOOK_TOKEN: optional(none, pathTokens),
  PROTECTED_DOMAINS: optional(none, hostNames),
  CALLBACK_URL: optional(null, callbackUrl),
  SERVER_ADDRESSES: optional(none, addresses),
  DNS_TARGET: optional(null, hostName),
  REMOVALS_PER_HOUR: optional(60, wholeNumber),
  ADDITIONS_PER_HOUR: optional(300, wholeNumber),
  PARK_UNREADY_NAMES: optional(true, yesOrNo),
  REMOVAL_GRACE_MINUTES: optional(15, graceMinutes),
  PAUSED: optional(false, yesOrNo),
});

export const tokenSchema = z.object({ WU_RUNCLOUD_API_TOKEN: optional(null, headerText) });

/** Required only without a token: the token takes precedence. */
export const keyPairSchema = z.object({
  WU_RUNCLOUD_API_KEY: required(headerText),
  WU_RUNCLOUD_API_SECRET: required(headerText),
});
