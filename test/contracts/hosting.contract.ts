import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostedDomain, Hosting } from '../../lib/sync/ledger/runcloud-ports.ts';
import { readListing } from '../../lib/sync/network/listing/listing.ts';

export interface HostingUnderTest {
  readonly hosting: Hosting;
  close(): Promise<void>;
}

interface Seed extends Pick<HostedDomain, 'id' | 'name'> {
  readonly type?: 'primary' | 'alias' | 'redirect';
  readonly www?: boolean;
  readonly redirection?: 'none' | 'www' | 'non-www';
}

/** The application a test begins with. */
const seeds: readonly Seed[] = [
  { id: 1, name: 'network.example', type: 'primary' },
  { id: 2, name: 'both.example', www: true, redirection: 'non-www' },
  { id: 3, name: 'away.example', type: 'redirect' },
];

/** What every implementation of the `Hosting` port must do. */
export function hostingContract(
  name: string,
  start: (domains: readonly Seed[]) => Promise<HostingUnderTest>,
): void {
  describe(`the Hosting port: ${name}`, () => {
    let subject: HostingUnderTest;
    let hosting: Hosting;

    beforeEach(async () => {
      subject = await start(seeds);
      hosting = subject.hosting;
    });

    afterEach(() => subject.close());

    test('lists every domain and says that this is all', async () => {
      const { domains, complete } = await readListing(hosting);
      expect(complete).toBe(true);
      expect(domains).toEqual([
        { id: 1, name: 'network.example', type: 'primary', www: false, redirection: 'none', wildcard: false },
        { id: 2, name: 'both.example', type: 'alias', www: true, redirection: 'non-www', wildcard: false },
        { id: 3, name: 'away.example', type: 'redirect', www: false, redirection: 'none', wildcard: false },
      ]);
    });

    test('shows its list page by page, forty rows each, and when it ends', async () => {
      for (let n = 0; n < 38; n++) await hosting.add({ name: `shop-${n}.example`, www: false });
      const first = await hosting.page(1);
      expect(first).toMatchObject({ unreadable: 0, total: 41, lastPage: 2, more: true });
      expect(first.domains).toHaveLength(40);
      expect(first.domains[1]).toEqual({
        id: 2,
        name: 'both.example',
        type: 'alias',
        www: true,
        redirection: 'non-www',
        wildcard: false,
      });
      const last = await hosting.page(2);
      expect(last).toMatchObject({ domains: [{ name: 'shop-37.example' }], total: 41, more: false });
      expect(await hosting.page(3)).toMatchObject({ domains: [], more: false });
    });

    test('finds a domain by id, and nothing under an unknown id', async () => {
      expect(await hosting.find(2)).toMatchObject({ id: 2, name: 'both.example' });
      expect(await hosting.find(999)).toBeUndefined();
    });

    test('adds an alias that shows at once', async () => {
      const added = await hosting.add({ name: 'shop.example', www: true });
      expect(added).toMatchObject({
        name: 'shop.example',
        type: 'alias',
        www: true,
        redirection: 'none',
        wildcard: false,
      });
      expect(await hosting.find(added?.id ?? 0)).toEqual(added);
    });

    test('refuses a name that is there already', async () => {
      const again = hosting.add({ name: 'away.example', www: false });
      await expect(again).rejects.toMatchObject({
        code: 'runcloud-refused',
        failure: 'refused',
        status: 422,
      });
      expect((await hosting.page(1)).domains).toHaveLength(3);
    });

    test('refuses a www name that its bare name serves, and a bare name whose www is there', async () => {
      await expect(hosting.add({ name: 'www.both.example', www: false })).rejects.toMatchObject({
        status: 422,
      });
      await hosting.add({ name: 'www.late.example', www: false });
      await expect(hosting.add({ name: 'late.example', www: true })).rejects.toMatchObject({ status: 422 });
      expect(await hosting.add({ name: 'late.example', www: false })).toMatchObject({ name: 'late.example' });
    });

    test('removes once; the second time it is gone', async () => {
      expect(await hosting.remove(2)).toBe('removed');
      expect(await hosting.remove(2)).toBe('gone');
      expect(await hosting.find(2)).toBeUndefined();
    });

    test('gives a name that was removed a new id when it comes back', async () => {
      await hosting.remove(3);
      const added = await hosting.add({ name: 'away.example', www: false });
      expect(added?.id).toBeGreaterThan(3);
    });

    test('does not remove the primary domain', async () => {
      await expect(hosting.remove(1)).rejects.toMatchObject({ failure: 'refused', status: 422 });
      expect(await hosting.find(1)).toMatchObject({ type: 'primary' });
    });

    test('updates a redirect into an alias, and its www', async () => {
      expect(await hosting.updateDomain(3, { www: true })).toBe('updated');
      expect(await hosting.find(3)).toMatchObject({ name: 'away.example', type: 'alias', www: true });
      expect(await hosting.updateDomain(3, { www: false })).toBe('updated');
      expect(await hosting.find(3)).toMatchObject({ www: false });
    });

    test('takes the redirection from a row that it updates', async () => {
      expect(await hosting.updateDomain(2, { www: true })).toBe('updated');
      expect(await hosting.find(2)).toMatchObject({ www: true, redirection: 'none' });
    });

    test('does not add a www that a row of its own holds', async () => {
      await hosting.add({ name: 'www.away.example', www: false });
      await expect(hosting.updateDomain(3, { www: true })).rejects.toMatchObject({ status: 422 });
      expect(await hosting.find(3)).toMatchObject({ type: 'redirect', www: false });
    });

    test('cannot update a missing row', async () => {
      expect(await hosting.updateDomain(999, { www: false })).toBe('unsupported');
    });
  });
}
