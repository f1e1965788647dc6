import { isLoopbackHost } from '../../lib/loopback-host.ts';
import { BadUsage } from '../errors.ts';
import { credentialsIn } from './secrets/credentials.ts';
import type { Target } from './target.ts';

function addressIn(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new BadUsage('--url must be the address of a relay, as in https://relay.example.com.');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new BadUsage(
      '--url must begin with https://, because a token over http:// can be read on its way.',
    );
  }
  if (url.username + url.password + url.search + url.hash !== '') {
    throw new BadUsage('--url must hold an address only: no user, password or query.');
  }
  return url;
}

/** The relay at an address. Its path may name the network, as WU_RUNCLOUD_RELAY_URL of the multisite does. */
export function urlTarget(text: string, env: Readonly<Record<string, string | undefined>>): Target {
  const { origin, pathname } = addressIn(text);
  const parts = pathname.split('/').filter((part) => part !== '');
  if (parts.length > 1) throw new BadUsage('--url must end with the host name or the network.');
  return {
    label: origin,
    url: origin,
    isAddressOnly: true,
    networks: async () => (parts.length === 1 ? parts : undefined),
    credentials: async () => credentialsIn(env, 'The environment'),
    aws: async () => {
      throw new BadUsage('This needs more than an address: name the relay with --stage <name> or --local.');
    },
  };
}
