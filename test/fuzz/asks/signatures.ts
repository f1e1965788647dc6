import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { secretOf } from '../../support/api/sign.ts';
import { mostly } from '../mostly.ts';
import { networks, now } from '../networks.ts';

function hmac(
  secret: string,
  content: Buffer,
  encoding: 'base64' | 'base64url' | 'hex' = 'base64',
  hash = 'sha256',
) {
  return createHmac(hash, Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(content)
    .digest(encoding);
}

export const ids: fc.Arbitrary<string> = mostly(
  fc.constantFrom(
    'msg_1',
    'msg_1',
    'msg_1',
    'a',
    'A.b-c_9',
    '-',
    '..',
    'a/b',
    'urn:uuid:1',
    '{"a":1}',
    'x'.repeat(256),
  ),
  fc.constantFrom('', 'x'.repeat(257), 'msg 1', 'msg_1,msg_1', 'msg\u00e9', 'msg_1\t', '__proto__', '<a#b>'),
);

const seconds = Math.floor(now / 1000);
export const times: fc.Arbitrary<string> = mostly(
  fc.constantFrom(seconds, seconds - 300, seconds + 300, seconds - 1).map(String),
  fc.constantFrom(
    String(seconds - 301),
    String(seconds + 301),
    String(now),
    `0${seconds}`,
    `+${seconds}`,
    `${seconds}.0`,
    `${seconds}e0`,
    `0x${seconds.toString(16)}`,
    ` ${seconds}`,
    '',
    '-1',
    'NaN',
    'Infinity',
    '9'.repeat(400),
    new Date(now).toISOString(),
  ),
);

export interface Signing {
  readonly id: string;
  readonly time: string;
  readonly body: Buffer;
  readonly secret: string;
}

function content({ id, time, body }: Signing, between = '.') {
  return Buffer.concat([Buffer.from(`${id}${between}${time}${between}`), body]);
}

function good(signing: Signing) {
  return `v1,${hmac(signing.secret, content(signing))}`;
}

/** Signatures that a good sender makes, also while it rotates. */
const right: readonly ((signing: Signing) => string)[] = [
  good,
  (signing) => `v1,${hmac(secretOf('a stranger'), content(signing))} ${good(signing)}`,
  (signing) => `v1a,AAAA  ${good(signing)} v2,BBBB`,
];

/** Signatures of every wrong kind. */
const wrong: readonly ((signing: Signing) => string)[] = [
  () => '',
  () => 'v1,',
  () => 'v1',
  () => 'v1,undefined',
  (signing) => good(signing).slice(0, -1),
  (signing) => `${good(signing)}=`,
  (signing) => good(signing).replace(',', '='),
  (signing) => good(signing).replace('v1', 'V1'),
  (signing) => good(signing).replace('v1', 'v2'),
  (signing) => good(signing).replace('v1,', ''),
  (signing) => `${good(signing)},${good(signing)}`,
  (signing) => good(signing).replace('v1,', 'v1, '),
  (signing) => good(signing).toLowerCase(),
  (signing) => `v1,${hmac(signing.secret, content(signing), 'hex')}`,
  (signing) => `v1,${hmac(signing.secret, content(signing), 'base64url')}`,
  (signing) => `v1,${hmac(signing.secret, content(signing), 'base64', 'sha1')}`,
  (signing) => `v1,${hmac(signing.secret, content(signing), 'base64', 'sha512')}`,
  (signing) => `v1,${hmac(signing.secret, signing.body)}`,
  (signing) => `v1,${hmac(signing.secret, content(signing, ''))}`,
  (signing) => `v1,${hmac(signing.secret, content({ ...signing, id: 'msg_0' }))}`,
  (signing) => `v1,${hmac(signing.secret, content({ ...signing, time: String(seconds - 2) }))}`,
  (signing) => `v1,${hmac(signing.secret, content({ ...signing, body: Buffer.from('{}') }))}`,
  (signing) =>
    `v1,${hmac(signing.secret, content({ ...signing, body: Buffer.concat([signing.body, Buffer.from(' ')]) }))}`,
  (signing) => `v1,${hmac('', content(signing))}`,
  (signing) => `v1,${hmac(secretOf('a stranger'), content(signing))}`,
  (signing) => `v1,${hmac(networks.get('other')?.relaySecrets[0] ?? '', content(signing))}`,
  // The secret's text where its bytes belong.
  ({ secret, ...signing }) =>
    `v1,${createHmac('sha256', secret)
      .update(content({ ...signing, secret }))
      .digest('base64')}`,
  () => Array.from({ length: 2_000 }, () => 'v1,AAAA').join(' '),
  () => ' '.repeat(8_000),
  () => `v1,${'A'.repeat(8_000)}`,
];

export const signatures: fc.Arbitrary<(signing: Signing) => string> = mostly(
  fc.constantFrom(...right),
  fc.constantFrom(...wrong),
  6,
);
