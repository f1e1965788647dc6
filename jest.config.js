import { availableParallelism } from 'node:os';

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // A build output or a second checkout must never be mistaken for the project.
  modulePathIgnorePatterns: [
    '<rootDir>/.serverless',
    '<rootDir>/.esbuild',
    '<rootDir>/.stryker-tmp',
    '<rootDir>/test/wordpress/.cache',
  ],
  testSequencer: '<rootDir>/test/long-first.js',
  // Many files wait: for a queue, a delay, a process. Left to itself jest would even keep one core free.
  maxWorkers: availableParallelism() + 1,
  // After thousands of tests a worker needs half a second to give its memory back, which is all that jest leaves it by itself. One that
  // has not ended after this has left something open, and fails `.ci/run`.
  workerGracefulExitTimeout: 30_000,
  // Only a hang takes so long; a busy machine does not make a test fail.
  testTimeout: 1_200_000,
};
