import { describe, expect, test } from '@jest/globals';
import type { Ready } from '../../../../lib/certificates/checks/check-certificate.ts';
import {
  keepOwnCertificate,
  keepOwnCertificates,
} from '../../../../lib/certificates/orders/own-certificate.ts';
import type { CertificateOrigin } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, NOW } from '../../../support/sync/items.ts';
import { ready } from './ready.ts';

const names = [DOMAIN, `www.${DOMAIN}`];
const ofApplication = undefined;
const ending = { notBefore: NOW - 80 * DAY, notAfter: NOW + 10 * DAY, via: null };

function kept(
  origin: CertificateOrigin | undefined,
  part: Partial<Ready> = {},
  domainId: number | undefined = 5,
) {
  const installed = origin && { id: 100, origin };
  return keepOwnCertificate(ready({ names, ...part }), installed, domainId, certificateWorld().services);
}

describe('the relay may order', () => {
  test.each<CertificateOrigin | undefined>(['http-01', 'unknown', undefined])(
    'where the installed certificate is of origin %s',
    (origin) => {
      expect(kept(origin)).toBeUndefined();
      expect(kept(origin, { shown: ending })).toBeUndefined();
    },
  );
});

describe('a certificate that an operator has put in place', () => {
  test.each<[CertificateOrigin, string]>([
    ['uploaded', 'was uploaded'],
    ['dns-01', 'was made by dns-01'],
    ['staging', 'is of Let’s Encrypt’s staging environment'],
  ])('is kept where it is not good for the name, and the operator is told: %s', (origin, how) => {
    expect(kept(origin)).toMatchObject({
      kind: 'failed',
      reason: 'custom-certificate',
      fix: expect.stringContaining(`The certificate of ${DOMAIN} ${how}`),
      error: { code: 'runcloud-refused', message: expect.stringContaining(names.join(' and ')) },
    });
  });

  test.each<[CertificateOrigin, number | undefined, string, string]>([
    [
      'uploaded',
      5,
      `install one that covers ${names.join(' and ')}`,
      'or delete it there, and the relay orders one',
    ],
    [
      'uploaded',
      ofApplication,
      `install one that covers ${names.join(' and ')}`,
      'or switch the application to advanced SSL',
    ],
    ['staging', 5, 'install a live certificate', 'or delete it there, and the relay orders one'],
    ['staging', ofApplication, 'install a live certificate', 'or delete it there, and the relay orders one'],
  ])('of origin %s and domain %s has a way out that takes HTTPS from nobody', (origin, id, first, second) => {
    const result = keepOwnCertificate(ready({ names }), { id: 100, origin }, id, certificateWorld().services);
    expect(result).toMatchObject({ fix: expect.stringContaining(first) });
    expect(result).toMatchObject({ fix: expect.stringContaining(second) });
    if (id === ofApplication)
      expect(result).toMatchObject({ fix: expect.stringContaining('the web application') });
  });

  test('is unverified where no handshake shows what it covers', () => {
    const silence = '203.0.113.10 port 443 did not answer';
    expect(kept('uploaded', { silence })).toEqual({ kind: 'unverified', why: silence, ordered: true });
  });

  test('and that is about to end is waited for, for a day at a time, and its renewal is asked for', () => {
    const result = kept('uploaded', { shown: ending });
    expect(result).toMatchObject({ kind: 'waiting', reason: null });
    expect(result).toMatchObject({ fix: expect.stringContaining(toInstant(ending.notAfter)) });
    expect(result).toMatchObject({ fix: expect.stringContaining('install a new one') });
    expect(result).toMatchObject({ until: NOW + timing.dailyMs });
  });

  test('and that ends within days fails, so that an alarm is raised', () => {
    const shown = { ...ending, notAfter: NOW + DAY };
    expect(kept('uploaded', { shown })).toMatchObject({
      kind: 'failed',
      reason: 'custom-certificate',
      fix: expect.stringContaining('install a new one'),
      error: { message: expect.stringContaining(toInstant(shown.notAfter)) },
    });
  });
});

describe('the one certificate of an application', () => {
  const requests = [ready({ names }), ready({ names: ['second.example'] })];

  test('that an operator has put in place is kept for all requests', () => {
    const { services } = certificateWorld();
    const results = keepOwnCertificates(requests, { id: 100, origin: 'uploaded' }, services);
    expect([...(results?.keys() ?? [])]).toEqual(requests);
    for (const result of results?.values() ?? []) expect(result).toMatchObject({ kind: 'failed' });
  });

  test('that the relay has ordered is renewed by it', () => {
    const { services } = certificateWorld();
    expect(keepOwnCertificates(requests, { id: 100, origin: 'http-01' }, services)).toBeUndefined();
    expect(keepOwnCertificates(requests, undefined, services)).toBeUndefined();
  });
});
