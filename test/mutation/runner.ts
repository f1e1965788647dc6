import { basename, resolve } from 'node:path';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { loadTestCases, type TestCase } from './test-cases.ts';

declare global {
  /** What the mutated code reads and counts in. */
  var __stryker__: InstrumenterContext | undefined;
}

/**
 * Runs the tests in one process that has loaded them once. jest would load every test file anew for each mutant:
 * seconds, where a test of a pure function takes a millisecond.
 */
function createRunner(): TestRunner {
  let loaded: Promise<TestCase[]> | undefined;
  const cases = () => {
    loaded ??= loadTestCases();
    return loaded;
  };
  const context = (): InstrumenterContext => {
    globalThis.__stryker__ ??= {};
    return globalThis.__stryker__;
  };

  return {
    // A module stays loaded: for a mutant of what runs while loading Stryker starts another process.
    capabilities: () => ({ reloadEnvironment: false }),

    dryRun: async () => {
      const all = await cases();
      const tests: TestResult[] = [];
      for (const one of all) {
        context().currentTestId = one.id;
        tests.push(await outcomeOf(one));
      }
      delete context().currentTestId;
      const { mutantCoverage } = context();
      return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
    },

    mutantRun: async ({
      activeMutant,
      testFilter,
      sandboxFileName,
      mutantActivation,
      hitLimit,
      disableBail,
    }) => {
      const state = context();
      if (mutantActivation === 'static') state.activeMutant = activeMutant.id;
      const all = await cases();
      state.activeMutant = activeMutant.id;
      state.hitCount = 0;
      if (hitLimit === undefined) delete state.hitLimit;
      else state.hitLimit = hitLimit;

      const wanted = new Set(testFilter ?? all.map(({ id }) => id));
      const chosen = nearestFirst(
        all.filter(({ id }) => wanted.has(id)),
        sandboxFileName,
      );
      const tests: TestResult[] = [];
      for (const one of chosen) {
        const outcome = await outcomeOf(one);
        tests.push(outcome);
        if (outcome.status === TestStatus.Failed && !disableBail) break;
      }
      delete state.activeMutant;
      const result: DryRunResult = determineHitLimitReached(state.hitCount, hitLimit) ?? {
        status: DryRunStatus.Complete,
        tests,
      };
      return toMutantRunResult(result, disableBail);
    },
  };
}

/** The test file that has the name of the mutated one is the likeliest to notice. */
function nearestFirst(cases: readonly TestCase[], mutated: string): TestCase[] {
  const ownTests = `${basename(mutated, '.ts')}.test.ts`;
  return cases.toSorted(
    (a, b) => Number(basename(b.fileName) === ownTests) - Number(basename(a.fileName) === ownTests),
  );
}

async function outcomeOf({ id, name, fileName, run }: TestCase): Promise<TestResult> {
  const startedAt = performance.now();
  // What nobody waits for fails the test it happens in, as under jest.
  const strays: unknown[] = [];
  const stray = (error: unknown) => strays.push(error);
  process.on('unhandledRejection', stray);
  const failed = (error: unknown): TestResult => ({
    ...common(),
    status: TestStatus.Failed,
    failureMessage: error instanceof Error ? error.message : String(error),
  });
  const common = () => ({
    id,
    name,
    fileName: resolve(fileName),
    timeSpentMs: performance.now() - startedAt,
  });
  try {
    await run();
    return strays.length === 0 ? { ...common(), status: TestStatus.Success } : failed(strays[0]);
  } catch (error) {
    return failed(error);
  } finally {
    process.off('unhandledRejection', stray);
  }
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'loaded-once', createRunner)];
