import { expect } from '@jest/globals';
import { canary, keyMaterial } from '../flow/canary.ts';
import { type PlacedNetwork, unspeakable } from '../runcloud/place-network.ts';
import type { SecureInternet } from './secure-internet.ts';

/** Knows which values of that network must not leak, and what RunCloud was asked. */
export function secureCanary({ secret }: PlacedNetwork, { runcloud }: Pick<SecureInternet, 'runcloud'>) {
  const { watch, hush, places, leaks } = canary();
  hush(...unspeakable(secret), ...keyMaterial);
  return {
    watch,
    leaks: (): string[] => {
      // The canary has proven nothing if nothing was written.
      expect(places()).toEqual(expect.arrayContaining(['log', 'ledger']));
      for (const request of runcloud.requests) watch('RunCloud', JSON.stringify(request));
      return leaks();
    },
  };
}
