import { expect, test } from '@jest/globals';
import { FINGERPRINT_LENGTH, fingerprint, spreadOver } from '../../../../lib/sync/network/fingerprint.ts';
import { fc } from '../../../support/property.ts';

test('fingerprints are of one length and plain characters, so that they can stand one after the other', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(fingerprint(text)).toMatch(/^[0-9a-z]{8}$/);
      expect(fingerprint(text)).toHaveLength(FINGERPRINT_LENGTH);
    }),
  );
});

test('forty thousand names that are much alike have as many fingerprints', () => {
  const names = Array.from({ length: 20_000 }, (_, n) => [
    `shop-${n}.example`,
    `www.shop-${n}.example`,
  ]).flat();
  expect(new Set(names.map(fingerprint)).size).toBe(names.length);
});

test('the same text has the same number below the limit', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 31 }), (text, limit) => {
      const place = spreadOver(text, limit);
      expect(place).toBe(spreadOver(text, limit));
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(limit);
    }),
  );
});
