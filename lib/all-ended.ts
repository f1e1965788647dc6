/**
 * The results of promises that run at the same time. Throws what the first of them threw, once none of them runs on: what
 * outlives its Lambda call is frozen with it, and goes on in the middle of another one.
 */
export async function allEnded<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
