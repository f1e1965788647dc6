import { afterEach, describe, expect, test } from '@jest/globals';
import type { CertificateHosting, SslMode } from '../../lib/sync/ledger/runcloud-ports.ts';

export interface CertificatesUnderTest {
  readonly certificates: CertificateHosting;
  close(): Promise<void>;
}

type Mode = Exclude<SslMode, 'unknown'>;

/** What every implementation of the `CertificateHosting` port must do. `domainId` 2 is a domain of the application. */
export function certificatesContract(
  name: string,
  start: (mode: Mode) => Promise<CertificatesUnderTest>,
): void {
  describe(`the CertificateHosting port: ${name}`, () => {
    const begun: CertificatesUnderTest[] = [];
    const begin = async (mode: Mode): Promise<CertificateHosting> => {
      const subject = await start(mode);
      begun.push(subject);
      return subject.certificates;
    };
    afterEach(async () => {
      for (const { close } of begun.splice(0)) await close();
    });

    test.each<Mode>(['basic', 'advanced', 'autossl'])('returns the mode %s', async (mode) => {
      expect(await (await begin(mode)).mode()).toBe(mode);
    });

    test('returns the address of the server', async () => {
      expect(await (await begin('basic')).serverAddress()).toBe('203.0.113.10');
    });

    test.each([
      { mode: 'basic' as const, domainId: undefined },
      { mode: 'advanced' as const, domainId: 2 },
    ])('in $mode mode finds none before one is installed, then orders it anew under its id', async (one) => {
      const certificates = await begin(one.mode);
      expect(await certificates.find(one.domainId)).toBeUndefined();
      await certificates.install(one.domainId);
      const own = { id: expect.any(Number), origin: 'http-01' };
      const found = await certificates.find(one.domainId);
      expect(found).toEqual(own);
      expect(await certificates.redeploy(found?.id ?? 0, one.domainId)).toBe('ordered');
      expect(await certificates.find(one.domainId)).toEqual(own);
    });

    test('a certificate that is no more is gone', async () => {
      const certificates = await begin('basic');
      expect(await certificates.redeploy(999)).toBe('gone');
      await certificates.install();
      expect(await certificates.redeploy(999)).toBe('gone');
    });
  });
}
