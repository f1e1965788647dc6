interface LateCall {
  /** Undefined: it waits until it is told to land. */
  readonly at: number | undefined;
  readonly run: () => Promise<unknown>;
}

/** Calls whose effect a fault has put off. */
export function lateCalls() {
  const waiting: LateCall[] = [];
  return {
    put(call: LateCall): void {
      waiting.push(call);
    },
    /** Does what was due by then, in the order of its times. */
    async landDue(now: number): Promise<void> {
      const due = waiting.filter(({ at }) => at !== undefined && at <= now);
      for (const call of due.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))) {
        waiting.splice(waiting.indexOf(call), 1);
        await call.run();
      }
    },
    /** Returns how many calls those were. */
    async landAll(): Promise<number> {
      const landing = waiting.splice(0);
      for (const { run } of landing) await run();
      return landing.length;
    },
  };
}
