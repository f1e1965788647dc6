import { describe, expect, test } from '@jest/globals';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';

const relaySecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const olderSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const token = 'tok_3c1f5f7d8a9b0e2d4c6a8b0c2e4f6a8b';

const secret = {
  WU_RUNCLOUD_API_TOKEN: 'workspace-token',
  WU_RUNCLOUD_SERVER_ID: '7',
  WU_RUNCLOUD_APP_ID: '9',
  RELAY_SECRET: relaySecret,
};

function parse(changes: Record<string, unknown> = {}) {
  return parseSettings(JSON.stringify({ ...secret, ...changes }));
}

function faultIn(raw: string): InvalidSecret {
  try {
    parseSettings(raw);
  } catch (error) {
    if (error instanceof InvalidSecret) return error;
    throw error;
  }
  throw new Error('Nothing was found faulty');
}

function fault(changes: Record<string, unknown>) {
  return faultIn(JSON.stringify({ ...secret, ...changes }));
}

describe('a secret that is right', () => {
  test('needs a credential, the ids and a relay secret; the rest has its default', () => {
    expect(parse({ SOMETHING_ELSE: { of: 'no interest' } })).toEqual({
      credential: { api: 'v3', token: 'workspace-token' },
      serverId: '7',
      appId: '9',
      relaySecrets: [relaySecret],
      readTokens: [],
      hookTokens: [],
      protectedDomains: [],
      callbackUrl: null,
      serverAddresses: [],
      dnsTarget: null,
      removalsPerHour: 60,
      additionsPerHour: 300,
      parkUnreadyNames: true,
      removalGraceMinutes: 15,
      paused: false,
    });
  });

  test('may hold every key, several values where there may be several', () => {
    expect(
      parse({
        RELAY_SECRET: `${relaySecret} ${olderSecret}`,
        RELAY_READ_TOKEN: `${token} ${token}2`,
        RELAY_HOOK_TOKEN: token,
        PROTECTED_DOMAINS: 'Network.Example.com., münchen.example ,',
        CALLBACK_URL: 'https://example.com/hook',
        SERVER_ADDRESSES: '203.0.113.10, 2001:db8::1',
        DNS_TARGET: 'LB.example.com',
        REMOVALS_PER_HOUR: '0',
        ADDITIONS_PER_HOUR: '0',
        PARK_UNREADY_NAMES: 'false',
        REMOVAL_GRACE_MINUTES: '10080',
        PAUSED: 'true',
      }),
    ).toMatchObject({
      relaySecrets: [relaySecret, olderSecret],
      readTokens: [token, `${token}2`],
      hookTokens: [token],
      protectedDomains: ['network.example.com', 'xn--mnchen-3ya.example'],
      callbackUrl: 'https://example.com/hook',
      serverAddresses: ['203.0.113.10', '2001:db8::1'],
      dnsTarget: 'lb.example.com',
      removalsPerHour: 0,
      additionsPerHour: 0,
      parkUnreadyNames: false,
      removalGraceMinutes: 10_080,
      paused: true,
    });
  });

  test('shows us by key and secret where there is no token', () => {
    const pair = { WU_RUNCLOUD_API_TOKEN: '', WU_RUNCLOUD_API_KEY: 'k', WU_RUNCLOUD_API_SECRET: 's' };
    expect(parse(pair).credential).toEqual({ api: 'v2', key: 'k', secret: 's' });
  });

  test('shows us by the token where there are both', () => {
    const both = { WU_RUNCLOUD_API_KEY: 'k', WU_RUNCLOUD_API_SECRET: '"s"' };
    expect(parse(both).credential).toEqual({ api: 'v3', token: 'workspace-token' });
  });

  test('may begin with a byte order mark', () => {
    expect(parseSettings(`\uFEFF${JSON.stringify(secret)}`)).toEqual(parse());
  });

  test('counts an empty text as an absent key', () => {
    const empty = { RELAY_READ_TOKEN: '', PAUSED: '', REMOVALS_PER_HOUR: '', CALLBACK_URL: '' };
    expect(parse(empty)).toEqual(parse());
  });

  test.each(['http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:9/x'])(
    'may post outcomes to this very machine: %s',
    (url) => expect(parse({ CALLBACK_URL: url }).callbackUrl).toBe(url),
  );
});

describe('a secret that is faulty', () => {
  test.each([
    [{ WU_RUNCLOUD_SERVER_ID: undefined }, 'WU_RUNCLOUD_SERVER_ID is missing'],
    [{ WU_RUNCLOUD_APP_ID: '' }, 'WU_RUNCLOUD_APP_ID is missing'],
    [{ RELAY_SECRET: undefined }, 'RELAY_SECRET is missing'],
    [{ WU_RUNCLOUD_API_TOKEN: undefined }, 'WU_RUNCLOUD_API_TOKEN is missing'],
    [{ WU_RUNCLOUD_API_TOKEN: '', WU_RUNCLOUD_API_KEY: 'k' }, 'WU_RUNCLOUD_API_SECRET is missing'],
    [{ WU_RUNCLOUD_API_TOKEN: 'two words' }, 'WU_RUNCLOUD_API_TOKEN must hold no blanks'],
    [{ WU_RUNCLOUD_SERVER_ID: 7 }, 'WU_RUNCLOUD_SERVER_ID must be a text'],
    [{ RELAY_READ_TOKEN: null }, 'RELAY_READ_TOKEN must be a text'],
    [{ PAUSED: true }, 'PAUSED must be a text'],
    [{ WU_RUNCLOUD_SERVER_ID: '7a' }, 'WU_RUNCLOUD_SERVER_ID must be a number, digits only'],
    [{ RELAY_SECRET: 'c2VjcmV0' }, 'RELAY_SECRET must be whsec_ followed by base64'],
    [
      { RELAY_SECRET: `v1,${relaySecret}` },
      'RELAY_SECRET must begin with whsec_: "v1," is not part of the secret',
    ],
    [
      { RELAY_SECRET: `${relaySecret} v1,${olderSecret}` },
      'RELAY_SECRET must begin with whsec_: "v1," is not part of the secret: entry 2',
    ],
    [{ RELAY_SECRET: 'whsec_c2Vjcm-_' }, 'RELAY_SECRET must be whsec_ followed by base64'],
    [
      { RELAY_SECRET: `${relaySecret} whsec_c2VjcmV0` },
      'RELAY_SECRET is too short: take 24 random bytes or more: entry 2',
    ],
    [{ RELAY_READ_TOKEN: 'a'.repeat(31) }, 'RELAY_READ_TOKEN must be 32 characters or more'],
    [
      { RELAY_HOOK_TOKEN: `${'a'.repeat(32)}/b` },
      'RELAY_HOOK_TOKEN must hold no character that ends a part of a URL',
    ],
    [{ PROTECTED_DOMAINS: 'a.example.com,*.example.com' }, 'PROTECTED_DOMAINS is no host name: entry 2'],
    [{ DNS_TARGET: '203.0.113.10' }, 'DNS_TARGET is no host name'],
    [{ CALLBACK_URL: 'example.com/hook' }, 'CALLBACK_URL is not a URL'],
    [{ CALLBACK_URL: 'http://example.com/hook' }, 'CALLBACK_URL must begin with https://'],
    [{ CALLBACK_URL: 'http://127.evil.example.com/' }, 'CALLBACK_URL must begin with https://'],
    [{ CALLBACK_URL: 'https://u:p@example.com/' }, 'CALLBACK_URL must not hold a user name or password'],
    [
      { SERVER_ADDRESSES: '203.0.113.10,203.0.113' },
      'SERVER_ADDRESSES must be IP addresses separated by commas: entry 2',
    ],
    [{ REMOVALS_PER_HOUR: '-1' }, 'REMOVALS_PER_HOUR must be a whole number'],
    [
      { REMOVAL_GRACE_MINUTES: '10081' },
      'REMOVAL_GRACE_MINUTES must be a whole number of minutes, 0 to 10080',
    ],
    [{ ADDITIONS_PER_HOUR: 'many' }, 'ADDITIONS_PER_HOUR must be a whole number'],
    [{ REMOVALS_PER_HOUR: '1.5' }, 'REMOVALS_PER_HOUR must be a whole number'],
    [{ PAUSED: 'yes' }, 'PAUSED must be true or false'],
  ])('is told by its key: %j', (changes, updates) => {
    expect(fault(changes).message).toContain(updates);
    expect(fault(changes).keys).toHaveLength(1);
  });

  test.each([
    [`"${token}"`, 'was pasted with quotes: paste only what is between them'],
    [`'${token}'`, 'was pasted with quotes'],
    [` '${token}'`, 'was pasted with quotes'],
    [`${token}'`, 'was pasted with quotes'],
    [`\u201c${token}\u201d`, 'was pasted with quotes'],
    [`${token}\n`, 'was pasted with blanks or line breaks around it'],
    [` ${token}`, 'was pasted with blanks or line breaks around it'],
    ['   ', 'holds nothing but blanks'],
    [`define('WU_RUNCLOUD_API_TOKEN', '${token}');`, 'was pasted as a whole define(…) line'],
    [`define( "WU_RUNCLOUD_API_TOKEN", "${token}" );\n`, 'was pasted as a whole define(…) line'],
    [`${token}');`, 'was pasted with the end of its define(…) line'],
    [`'${token}' )\n`, 'was pasted with the end of its define(…) line'],
    [`${token}\u2019) ; `, 'was pasted with the end of its define(…) line'],
    [`${token}",`, 'was pasted with quotes'],
    [`${token}';\n`, 'was pasted with quotes'],
  ])('is told apart from a value that was pasted with something around it: %j', (value, updates) => {
    for (const key of [
      'WU_RUNCLOUD_API_TOKEN',
      'RELAY_READ_TOKEN',
      'RELAY_SECRET',
      'WU_RUNCLOUD_SERVER_ID',
    ]) {
      const { message, keys } = fault({ [key]: value });
      expect(message).toContain(updates);
      expect(keys).toEqual([key]);
    }
  });

  test('is reported with all its faults at once, and belongs to the network', () => {
    const error = fault({
      WU_RUNCLOUD_API_TOKEN: '',
      WU_RUNCLOUD_APP_ID: 'x',
      RELAY_SECRET: 5,
      PAUSED: 'maybe',
    });
    expect([...error.keys].sort()).toEqual([
      'PAUSED',
      'RELAY_SECRET',
      'WU_RUNCLOUD_API_TOKEN',
      'WU_RUNCLOUD_APP_ID',
    ]);
    expect(error).toMatchObject({ name: 'InvalidSecret', code: 'secret-invalid', failure: 'network' });
  });

  test.each([
    ['{"RELAY_SECRET": "very-private', 'The secret is not valid JSON'],
    ['very-private', 'The secret is not valid JSON'],
    ['["very-private"]', 'The secret must be a JSON object'],
    ['"very-private"', 'The secret must be a JSON object'],
    ['null', 'The secret must be a JSON object'],
  ])('is told as a whole where it has no keys: %j', (raw, updates) => {
    const error = faultIn(raw);
    expect(error.message).toContain(updates);
    expect(error.keys).toEqual([]);
    expect(JSON.stringify([error.message, error.cause])).not.toContain('private');
  });

  test('never shows a value, whatever is wrong with it', () => {
    const spoiled = 'very "private" value_';
    for (const key of Object.keys({
      ...secret,
      RELAY_READ_TOKEN: 0,
      RELAY_HOOK_TOKEN: 0,
      PROTECTED_DOMAINS: 0,
    }).concat('CALLBACK_URL', 'SERVER_ADDRESSES', 'DNS_TARGET', 'REMOVALS_PER_HOUR', 'PAUSED')) {
      const { message, keys } = fault({ [key]: spoiled });
      expect(keys).toEqual([key]);
      expect(message).not.toMatch(/very|private|value_/);
    }
  });
});
