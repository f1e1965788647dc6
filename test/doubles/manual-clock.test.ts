import { expect, test } from '@jest/globals';
import { manualClock } from './manual-clock.ts';

test('time stands still until it is moved', async () => {
  const clock = manualClock(500);
  expect(clock.now()).toBe(500);
  await clock.advance(250);
  expect(clock.now()).toBe(750);
});

test('sleepers wake in the order of their time, each at its own', async () => {
  const clock = manualClock(0);
  const woken: string[] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.now()}`);
  };
  const sleeping = [sleep('late', 300), sleep('early', 100), sleep('later', 301), sleep('also early', 100)];
  expect(clock.nextDueAt()).toBe(100);
  await clock.advance(300);
  expect(woken).toEqual(['early at 100', 'also early at 100', 'late at 300']);
  await clock.advance(1);
  await Promise.all(sleeping);
  expect(clock.nextDueAt()).toBeUndefined();
});

test('a sleeper that sleeps again within the stretch wakes within it', async () => {
  const clock = manualClock(0);
  let beats = 0;
  const beating = (async () => {
    while (beats < 5) {
      await clock.sleep(100);
      beats += 1;
    }
  })();
  await clock.advance(350);
  expect(beats).toBe(3);
  await clock.advance(1_000);
  await beating;
  expect(beats).toBe(5);
});
