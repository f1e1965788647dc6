import { createHash } from 'node:crypto';
import type { Workspace, World } from '../state/state.ts';
import { message, type Reply } from './replies.ts';

export interface Credentials {
  readonly scheme: 'bearer' | 'basic';
  readonly value: string;
}

export function credentialsIn(authorization: string | undefined): Credentials | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return scheme.toLowerCase() === 'bearer'
    ? { scheme: 'bearer', value }
    : { scheme: 'basic', value: Buffer.from(value, 'base64').toString('utf8') };
}

/** Distinguishes callers without keeping their credentials. */
export function fingerprint(credentials: Credentials | undefined): string | null {
  return credentials === undefined
    ? null
    : createHash('sha256').update(credentials.value).digest('hex').slice(0, 16);
}

/** The owner of these credentials; their rights are checked elsewhere. */
function ownerOf(
  { workspaces }: Pick<World, 'workspaces'>,
  credentials: Credentials | undefined,
): Workspace | undefined {
  return (
    credentials &&
    workspaces.find(({ tokens, keys }) =>
      credentials.scheme === 'bearer'
        ? tokens.includes(credentials.value)
        : keys.some(({ key, secret }) => `${key}:${secret}` === credentials.value),
    )
  );
}

/** The world as that caller meets it: with the positions of their workspace. */
export function worldFor(world: World, credentials: Credentials | undefined): World {
  const own = ownerOf(world, credentials)?.switches;
  return own === undefined ? world : { ...world, switches: { ...world.switches, ...own } };
}

/** Whose workspace the caller may enter, or why none. Basic opens the legacy space, and that only in v2. */
export function enter(
  world: World,
  api: 'v2' | 'v3',
  credentials: Credentials | undefined,
): Workspace | Reply {
  if (credentials === undefined) return message(401, 'Missing API Token.');
  const workspace = ownerOf(world, credentials);
  const opens = credentials.scheme === 'bearer' || api === 'v2';
  if (workspace === undefined || !opens) return message(401, 'Invalid API Token.');
  if (world.switches.api === 'off' || !workspace.apiEnabled) {
    return message(403, 'API access is disabled for this workspace.');
  }
  return workspace;
}
