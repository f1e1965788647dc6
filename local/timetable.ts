import { errorName } from './error-name.ts';

export interface Timetable {
  stop(): void;
}

export interface TimetableSettings {
  readonly everyMs: number;
  readonly call: () => Promise<unknown>;
  readonly onTrouble: (text: string) => void;
}

/** Calls a scheduled function again and again. One that takes longer than the interval is not called twice at once. */
export const startTimetable = ({ everyMs, call, onTrouble }: TimetableSettings): Timetable => {
  let running = false;
  const timer = setInterval(async () => {
    if (running) return;
    running = true;
    try {
      await call();
    } catch (error) {
      onTrouble(errorName(error));
    } finally {
      running = false;
    }
  }, everyMs);
  return { stop: () => clearInterval(timer) };
};
