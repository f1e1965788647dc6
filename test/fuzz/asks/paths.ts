import fc from 'fast-check';
import { mostly } from '../mostly.ts';
import { networkNames, networks } from '../networks.ts';

const usualNetworks = fc.constantFrom('demo', 'demo', 'demo', 'other', 'closed');
const oddNetworks = fc.constantFrom(
  'nobody',
  'Demo',
  'demo%20',
  'demo%00',
  '%64emo',
  'demo%2f..%2fother',
  '..',
  '%2e%2e',
  '__proto__',
  'constructor',
  'demo;x=1',
  'd%C3%A9mo',
  '%ff',
  '%',
  'a'.repeat(33),
  'a'.repeat(3_000),
  '*',
  'demo,other',
);
/** The network in a path, as it is written there. */
export const networkParts: fc.Arbitrary<string> = mostly(usualNetworks, oddNetworks);

function tokensOf(network: string): readonly string[] {
  return networks.get(network)?.hookTokens ?? [];
}
const wrongTokens = [
  'x',
  '',
  '%00',
  '..',
  'undefined',
  'null',
  '[object Object]',
  ...networkNames.flatMap(tokensOf),
  ...tokensOf('demo').flatMap((token) => [
    token.slice(0, -1),
    `${token}x`,
    token.toUpperCase(),
    `${token}%20`,
    encodeURIComponent(`${token} ${token}`),
  ]),
  't'.repeat(5_000),
];

/** The hook token in a path; undefined: the right one. */
export const hookTokens: fc.Arbitrary<string | undefined> = mostly<string | undefined>(
  fc.constant(undefined),
  fc.constantFrom(...wrongTokens),
  6,
);

/** Paths that are nearly the API handler's. */
const bent: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}?a=b&a=c`,
  (path) => `${path}?__proto__[x]=1&constructor=2`,
  (path) => path.toUpperCase(),
  (path) => path.replace('domain', 'd%6fmain'),
  (path) => `${path};a=b`,
  (path) => path.replace('/', '/./'),
];

export const bends: fc.Arbitrary<(path: string) => string> = mostly(
  fc.constant((path: string) => path),
  fc.constantFrom(...bent),
  20,
);
