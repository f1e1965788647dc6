import { isLoopbackHost } from '../loopback-host.ts';

/** The configured address of RunCloud cannot be used. The address itself stays out of the message: it may hold a password. */
export class RuncloudUrlInvalid extends Error {
  override readonly name = 'RuncloudUrlInvalid';
  readonly reason: string;

  constructor(reason: string) {
    super(`The RunCloud base URL ${reason}`);
    this.reason = reason;
  }
}

/**
 * Checks where the token will be sent: https, or plain http on this machine.
 * Returns the address without a trailing slash.
 */
export function parseBaseUrl(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) throw new RuncloudUrlInvalid('is not a URL');
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw new RuncloudUrlInvalid('must be https (or http on the loopback address)');
  }
  if (url.username !== '' || url.password !== '') {
    throw new RuncloudUrlInvalid('must not hold a user name or password');
  }
  if (url.search !== '' || url.hash !== '') throw new RuncloudUrlInvalid('must not hold a query or fragment');
  return url.href.replace(/\/+$/, '');
}
