import type { Stack } from '../stack.ts';

/** Makes our own RunCloud refuse calls, and returns what ends that. Another RunCloud is left alone. */
export function keepBusy(
  { runcloud }: Pick<Stack, 'runcloud'>,
  show: (line: string) => void,
): (() => void) | undefined {
  if (runcloud === undefined) return undefined;
  const updateDomain = runcloud.arm({
    path: /\/domains/,
    times: Number.POSITIVE_INFINITY,
    answer: { status: 429, body: { message: 'Too Many Attempts.' } },
  });
  show('  RunCloud turns every call away from now on (429)');
  return () => {
    updateDomain();
    show('  RunCloud listens again');
  };
}
