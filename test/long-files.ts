/**
 * Files that start whole stacks or many processes, the longest first. Without durations of an earlier run jest goes by a
 * file's size, and a short file that runs for minutes would begin when the other workers have nothing left to do.
 */
export const longFiles: readonly string[] = [
  '/test/docs-commands.test.ts',
  '/test/simulator/plants-found.test.ts',
  '/test/local/restart.test.ts',
  '/test/local/main.test.ts',
  '/test/serverless',
  '/test/cli/',
  '/test/flows/',
  '/test/local/',
  '/test/fuzz/',
];
