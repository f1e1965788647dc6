const open: (() => Promise<unknown>)[] = [];

/** Keeps what several rows share until the last of them has ended. */
export function atEnd(close: () => Promise<unknown>): void {
  open.push(close);
}

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).toReversed()) await close();
}
