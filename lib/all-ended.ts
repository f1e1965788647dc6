/**
 * The results of promises that run at the same time. Throws the first error only after all of them have ended, because
 * work that outlives its Lambda call is frozen and resumes in the middle of another call.
 */
export async function allEnded<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
