import { systemClock } from '../../lib/clock.ts';
import { clockContract } from '../contracts/clock.ts';
import { manualClock } from '../doubles/manual-clock.ts';

clockContract('the clock of the system', () => ({ clock: systemClock, pass: async () => {} }));

clockContract('the clock of a test', () => {
  const clock = manualClock(1_000);
  return { clock, pass: clock.advance };
});
