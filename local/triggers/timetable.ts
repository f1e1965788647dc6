import { errorName } from '../gateway/instances/error-name.ts';

export interface Timetable {
  stop(): void;
}

export interface TimetableSettings {
  readonly everyMs: number;
  readonly call: () => Promise<unknown>;
  readonly onError: (text: string) => void;
}

/**
 * Calls a scheduled function again and again, one call after the other. Between two calls it waits the interval, or three
 * times as long as the call took: a timetable finer than the machine is fast would leave no time for other functions.
 */
export function startTimetable({ everyMs, call, onError }: TimetableSettings): Timetable {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const callAfter = (delayMs: number): void => {
    timer = setTimeout(async () => {
      const begunAt = performance.now();
      try {
        await call();
      } catch (error) {
        onError(errorName(error));
      }
      if (!stopped) callAfter(Math.max(everyMs, 3 * (performance.now() - begunAt)));
    }, delayMs);
  };
  callAfter(everyMs);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
