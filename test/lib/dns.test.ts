import { afterEach, describe, expect, test } from '@jest/globals';
import { addressResolver, dnsVerdict } from '../../lib/dns.ts';
import { type DnsReply, startDns } from '../support/dns-server.ts';

describe('the verdict on a name', () => {
  const server = ['203.0.113.10', '2001:db8:0:0::10'];
  const verdict = (addresses: string[], complete = true) => dnsVerdict({ addresses, complete }, server);

  test('here: every address is one of the server’s, however it is spelled', () => {
    expect(verdict(['203.0.113.10'])).toBe('here');
    expect(verdict(['203.0.113.10', '2001:db8::10'])).toBe('here');
  });
  test('elsewhere: one address of another machine is enough', () => {
    expect(verdict(['203.0.113.10', '198.51.100.7'])).toBe('elsewhere');
    expect(verdict(['203.0.113.10', '2001:db8::11'])).toBe('elsewhere');
    expect(verdict(['198.51.100.7'], false)).toBe('elsewhere');
  });
  test('none: both questions were answered with nothing', () => expect(verdict([])).toBe('none'));
  test('unanswered: what is missing could change the verdict', () => {
    expect(verdict([], false)).toBe('unanswered');
    expect(verdict(['203.0.113.10'], false)).toBe('unanswered');
  });
});

describe('a name’s addresses', () => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  const resolved = async (reply: (family: 4 | 6) => DnsReply, timeoutMs = 5_000) => {
    const dns = await startDns((_name, family) => reply(family));
    close = dns.close;
    return addressResolver([dns.server])('shop.acme-bikes.com', timeoutMs);
  };

  test('are asked for in both families', async () =>
    expect(
      await resolved((family) => (family === 4 ? ['203.0.113.10', '198.51.100.7'] : ['2001:db8::10'])),
    ).toEqual({
      addresses: ['203.0.113.10', '198.51.100.7', '2001:db8::10'],
      complete: true,
    }));

  test('no such name is an answer', async () =>
    expect(await resolved(() => 3)).toEqual({ addresses: [], complete: true }));

  test('no record of one family is an answer', async () =>
    expect(await resolved((family) => (family === 4 ? ['203.0.113.10'] : []))).toEqual({
      addresses: ['203.0.113.10'],
      complete: true,
    }));

  test('a resolver that fails is no answer', async () =>
    expect(await resolved((family) => (family === 4 ? ['203.0.113.10'] : 2))).toEqual({
      addresses: ['203.0.113.10'],
      complete: false,
    }));

  test('silence is no answer once the time is over', async () => {
    const began = Date.now();
    expect(await resolved(() => 'silence', 100)).toEqual({ addresses: [], complete: false });
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});
