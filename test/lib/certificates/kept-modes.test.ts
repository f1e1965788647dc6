import { expect, test } from '@jest/globals';
import { KeptModes } from '../../../lib/certificates/kept-modes.ts';
import type { SslMode } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { APP, MINUTE, NOW, OTHER_APP } from '../../support/sync/items.ts';

function session(mode: SslMode) {
  const asked = { times: 0 };
  const read = async () => {
    asked.times += 1;
    return mode;
  };
  return { asked, read };
}

test('a mode is kept for five minutes', async () => {
  const modes = new KeptModes();
  const { asked, read } = session('basic');
  expect(await modes.mode(APP, NOW, read)).toBe('basic');
  expect(await modes.mode(APP, NOW + 5 * MINUTE - 1, read)).toBe('basic');
  expect(asked.times).toBe(1);
  await modes.mode(APP, NOW + 5 * MINUTE, read);
  expect(asked.times).toBe(2);
});

test('each application has its own', async () => {
  const modes = new KeptModes();
  await modes.mode(APP, NOW, session('basic').read);
  expect(await modes.mode(OTHER_APP, NOW, session('advanced').read)).toBe('advanced');
});

test('one that RunCloud does not state is read every time', async () => {
  const modes = new KeptModes();
  const { asked, read } = session('unknown');
  await modes.mode(APP, NOW, read);
  await modes.mode(APP, NOW, read);
  expect(asked.times).toBe(2);
});

test('a forgotten one is asked for again, and a failure to read one keeps nothing', async () => {
  const modes = new KeptModes();
  await modes.mode(APP, NOW, session('basic').read);
  modes.forget(APP);
  await expect(
    modes.mode(APP, NOW, async () => {
      throw new Error('away');
    }),
  ).rejects.toThrow('away');
  expect(await modes.mode(APP, NOW, session('advanced').read)).toBe('advanced');
});

test('the oldest of more than a hundred are dropped', async () => {
  const modes = new KeptModes();
  for (let n = 0; n <= 100; n += 1) {
    await modes.mode({ serverId: '1', appId: `${n}` }, NOW, session('basic').read);
  }
  const again = session('basic');
  await modes.mode({ serverId: '1', appId: '1' }, NOW, again.read);
  expect(again.asked.times).toBe(0);
  await modes.mode({ serverId: '1', appId: '0' }, NOW, again.read);
  expect(again.asked.times).toBe(1);
});

test('the last mode stays known when it is no longer kept, until it is forgotten', async () => {
  const modes = new KeptModes();
  expect(modes.last(APP, NOW)).toEqual({ mode: undefined, isKept: false });
  await modes.mode(APP, NOW, session('advanced').read);
  expect(modes.last(APP, NOW)).toEqual({ mode: 'advanced', isKept: true });
  expect(modes.last(APP, NOW + 5 * MINUTE)).toEqual({ mode: 'advanced', isKept: false });
  modes.forget(APP);
  expect(modes.last(APP, NOW)).toEqual({ mode: undefined, isKept: false });
});
