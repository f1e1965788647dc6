/** Where an error came from. Its message is left out: it may quote what was sent. */
export function errorFrames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
