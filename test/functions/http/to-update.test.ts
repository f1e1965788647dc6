import { describe, expect, test } from '@jest/globals';
import { toUpdate } from '../../../functions/http/accepted.ts';

function updateOf(domain: string, www: boolean | null) {
  const event = {
    timestamp: '2026-11-21T05:00:00.123Z',
    domain,
    www,
    native: false,
    siteId: null,
    domainId: null,
    reason: 'manual' as const,
  };
  return toUpdate('default', 'event-1', event);
}

describe('toUpdate', () => {
  test('wants www by default for a registrable domain only, and always as the multisite says', async () => {
    expect(await updateOf('acme-bikes.co.uk', null)).toMatchObject({ www: true });
    expect(await updateOf('shop.acme-bikes.co.uk', null)).toMatchObject({ www: false });
    expect(await updateOf('acme-bikes.co.uk', false)).toMatchObject({ www: false });
    expect(await updateOf('shop.acme-bikes.co.uk', true)).toMatchObject({ www: true });
  });
});
