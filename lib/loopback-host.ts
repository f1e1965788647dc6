import { isIPv4 } from 'node:net';

/** Whether the host of a URL is this very machine, so that plain http to it crosses no wire. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}
