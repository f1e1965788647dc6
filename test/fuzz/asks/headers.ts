import fc from 'fast-check';
import { mostly } from '../mostly.ts';
import { networks } from '../networks.ts';

export type Header = readonly [name: string, value: string];

const right: readonly Header[][] = [
  [['content-type', 'application/json']],
  [['Content-Type', 'Application/JSON; charset=UTF-8']],
  [['CONTENT-TYPE', 'application/json;v=1']],
  [['content-type', 'application/json; charset=utf-16']],
];

const wrong: readonly Header[][] = [
  [],
  [['content-type', '']],
  [['content-type', 'text/plain']],
  [['content-type', 'application/jsonp']],
  [['content-type', 'application/json\u00a0']],
  [['content-type', '\u000bapplication/json']],
  [['content-type', 'application/json;']],
  [['content-type', 'application/json ; =;;"']],
  [['content-type', 'application/json\u0000']],
  [['content-type', 'application/json,text/plain']],
  [['content-type', 'application/problem+json']],
  [['content-type', 'application/x-www-form-urlencoded']],
  [['content-type', 'multipart/form-data; boundary=application/json']],
  [['content-type', 'text/plain; application/json']],
  [
    ['content-type', 'application/json'],
    ['Content-Type', 'application/json'],
  ],
  [
    ['content-type', 'text/plain'],
    ['content-type', 'application/json'],
  ],
  [
    ['content-type', 'application/json'],
    ['content-encoding', 'gzip'],
  ],
  [
    ['content-type', 'application/json'],
    ['Content-Encoding', 'identity'],
  ],
  [
    ['content-type', 'application/json'],
    ['content-encoding', ''],
  ],
  [['content-type', `application/json${' '.repeat(4_000)}x`]],
  [['content-type', `${'a/'.repeat(4_000)};`]],
];

/** Headers that must change nothing. */
const without: readonly Header[][] = [
  [],
  [
    ['host', 'relay.acme-bikes.com'],
    ['x-forwarded-proto', 'https'],
  ],
  [
    ['host', 'evil.example/"><script>'],
    ['X-Forwarded-Proto', 'https, javascript'],
  ],
  [
    ['x-forwarded-proto', 'ftp'],
    ['x-forwarded-host', 'evil.example'],
  ],
  [
    ['x-http-method-override', 'GET'],
    ['x-original-url', '/other/connection'],
  ],
  [
    ['__proto__', 'x'],
    ['constructor', 'y'],
    ['hasownproperty', 'z'],
  ],
  [
    ['webhook-id2', 'x'],
    ['svix-signature', 'v1,AAAA'],
  ],
  [['authorization', `Bearer ${networks.get('demo')?.readTokens[0]}`]],
  [['cookie', 'a=b; '.repeat(500)]],
];

/** What a call says about its body. */
export const contentHeaders: fc.Arbitrary<readonly Header[]> = mostly(
  fc.constantFrom(...right),
  fc.constantFrom(...wrong),
);

export const headersBesides: fc.Arbitrary<readonly Header[]> = fc.constantFrom(...without);

/** Whose names the headers of a signature have. */
export const prefixes: fc.Arbitrary<string> = mostly(fc.constant('Webhook'), fc.constant('Svix'));

/** The header that is sent twice, if one is. */
export const doubled: fc.Arbitrary<string | undefined> = mostly<string | undefined>(
  fc.constant(undefined),
  fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature', 'svix-id', 'svix-signature'),
);
