/** Mutation testing: `npm run mutate`. docs/testing.md says what it found, and how to run a part of it. */
export default {
  mutate: ['lib/{sync,webhook,certificates}/**/*.ts'],
  plugins: ['./test/mutation/runner.ts'],
  testRunner: 'loaded-once',
  coverageAnalysis: 'perTest',
  // What runs while a module loads, schemas and constants, would need every test of every file that imports it.
  ignoreStatic: true,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  // Stryker would rewrite the copy's tsconfig.json through an API that TypeScript 7 no longer has; Node reads none. It
  // cannot copy a link to a directory, of which the tools of `npm run test:deploy` and the networks of `npm run test:wordpress` have some.
  ignorePatterns: ['tsconfig.json', '.venv', '.cache'],
  tempDirName: '.stryker-tmp',
  thresholds: { high: 95, low: 85, break: 85 },
};
