import { expect } from '@jest/globals';
import { runcloudHosting } from '../../../../lib/runcloud/domains.ts';
import { readListing } from '../../../../lib/sync/network/listing/listing.ts';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import { app, clientOf, failureOf, ids, legacy } from '../../../support/runcloud/runcloud.ts';
import { add, hosting, names, type Rules, runcloud, turn } from './switch-world.ts';

/** What a client meets of domains in each position of a switch. */
export const domainRules = {
  domainSuccess: {
    '200 and 201 show the resource, 204 leaves both calls open': async () => {
      for (const domainSuccess of [200, 201] as const) {
        turn({ domainSuccess });
        const added = await add('shop.example');
        expect(added).toMatchObject({ name: 'shop.example' });
        expect(await hosting.remove(added?.id ?? 0)).toBe('removed');
      }
      turn({ domainSuccess: 204 });
      expect(await add('shop.example')).toBeUndefined();
      const id = runcloud.app(app).domains.at(-1)?.id ?? 0;
      expect(await hosting.remove(id)).toBe('unclear');
      expect(names()).toEqual(['network.example']);
    },
  },
  duplicateName: {
    'every kind of 4xx is refused': async () => {
      await add('shop.example');
      for (const [duplicateName, status] of [
        ['422', 422],
        ['409', 409],
        ['422-without-errors', 422],
      ] as const) {
        turn({ duplicateName });
        expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused', status });
      }
    },
    'a success with a message confirms nothing': async () => {
      await add('shop.example');
      turn({ duplicateName: '200-with-message' });
      expect(await add('shop.example')).toBeUndefined();
    },
    'accepted: a name has as many rows as it was added': async () => {
      turn({ duplicateName: 'accepted' });
      const [first, second] = [await add('shop.example'), await add('shop.example')];
      expect(second?.id).not.toBe(first?.id);
      expect(names().filter((name) => name === 'shop.example')).toHaveLength(2);
      expect(await hosting.remove(second?.id ?? 0)).toBe('removed');
      expect(names().filter((name) => name === 'shop.example')).toHaveLength(1);
    },
  },
  namesAreUniqueIn: {
    'another application may hold the name, or not': async () => {
      const sibling = runcloudHosting(clientOf(runcloud), { ...ids, appId: '8' });
      await sibling.add({ name: 'shop.example', www: false });
      expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ namesAreUniqueIn: 'app' });
      expect(await add('shop.example')).toMatchObject({ name: 'shop.example' });
    },
    'so may another server': async () => {
      runcloud.addInPanel(9, { name: 'shop.example' });
      turn({ namesAreUniqueIn: 'everywhere' });
      expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ namesAreUniqueIn: 'server' });
      expect(await add('shop.example')).toMatchObject({ name: 'shop.example' });
    },
  },
  servedWwwIsTaken: {
    'a www name may stand beside the bare name that serves it, or not': async () => {
      await add('shop.example', true);
      expect(await failureOf(add('www.shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ servedWwwIsTaken: false });
      expect(await add('www.shop.example')).toMatchObject({ name: 'www.shop.example' });
    },
  },
  deletePrimary: {
    'is refused, forbidden or done': async () => {
      expect(await failureOf(hosting.remove(1))).toMatchObject({ code: 'runcloud-refused', status: 422 });
      turn({ deletePrimary: 403 });
      expect(await failureOf(hosting.remove(1))).toMatchObject({ code: 'runcloud-forbidden' });
      expect(names()).toEqual(['network.example']);
      turn({ deletePrimary: 200 });
      expect(await hosting.remove(1)).toBe('removed');
      expect(names()).toEqual([]);
    },
  },
  domainShape: {
    'the old shape leaves type and www unknown': async () => {
      turn({ domainShape: 'id-name-created' });
      const old = { id: 1, name: 'network.example', type: undefined, www: undefined, wildcard: false };
      expect(await readListing(hosting)).toEqual({ domains: [old], complete: true, confirmed: true });
      expect(await hosting.find(1)).toEqual(old);
      expect(await add('shop.example', true)).toMatchObject({ type: undefined, www: undefined });
    },
  },
  domainFlags: {
    'mean the same as numbers, booleans and text': async () => {
      const id = (await add('shop.example', true))?.id ?? 0;
      for (const domainFlags of ['numbers', 'booleans', 'text'] as const) {
        turn({ domainFlags });
        expect(await hosting.find(id)).toMatchObject({ www: true, wildcard: false });
      }
    },
  },
  metaOnV2: {
    'without the meta call nothing can be updated': async () => {
      turn({ metaOnV2: false });
      const v2 = runcloudHosting(clientOf(runcloud, { credential: { api: 'v2', ...legacy } }), ids);
      expect(await v2.updateDomain(1, { www: true })).toBe('unsupported');
      const id = (await add('shop.example'))?.id ?? 0;
      expect(await hosting.updateDomain(id, { www: true })).toBe('updated');
    },
  },
} satisfies { readonly [S in keyof Switches]?: Rules };
