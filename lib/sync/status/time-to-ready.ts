interface Item {
  readonly state: string;
  readonly since: string;
  readonly askedAt: number | null;
}

/** The time from when an item was last asked for to the pass that brought it into this state. Undefined: it brought nothing. */
export function timeToReadyMs(before: Item, after: Item, state: string): number | undefined {
  const arrived = after.state === state && before.state !== state;
  return arrived && before.askedAt !== null ? Date.parse(after.since) - before.askedAt : undefined;
}
