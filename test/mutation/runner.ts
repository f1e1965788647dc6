import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

/** Mutants that stand together fall to the same tests. */
const RECENT_KILLS = 20;

declare global {
  /** What the mutated code reads and counts in. */
  var __stryker__: InstrumenterContext | undefined;
}

/**
 * Runs the tests in one process that has loaded them once. jest would load every test file again for each mutant:
 * seconds, where a test of a pure function takes a millisecond.
 */
function createRunner(): TestRunner {
  // An unhandled rejection fails the test it happens in, as under jest.
  const strays: unknown[] = [];
  process.on('unhandledRejection', (error) => strays.push(error));
  const history: History = { tookMs: new Map(), killedLast: new Map(), kills: 0 };
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
    // Stryker asks for an environment anew also where a mutated line has run while the tests loaded. It need not be: the mutant
    // is active in the tests alone. Without this claim it would start another process for each such mutant.
    capabilities: () => ({ reloadEnvironment: true }),

    dryRun: async () => {
      const all = await cases();
      const tests: TestResult[] = [];
      for (const one of all) {
        context().currentTestId = one.id;
        tests.push(await outcomeOf(one, strays));
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
      if (mutantActivation === 'static')
        throw new Error('A module stays loaded: stryker.config.js leaves static mutants out');
      const all = await cases();
      state.activeMutant = activeMutant.id;
      state.hitCount = 0;
      if (hitLimit === undefined) delete state.hitLimit;
      else state.hitLimit = hitLimit;

      const wanted = new Set(testFilter ?? all.map(({ id }) => id));
      const chosen = all.filter(({ id }) => wanted.has(id));
      const tests: TestResult[] = [];
      for (const one of likeliestFirst(chosen, sandboxFileName, history)) {
        const outcome = await outcomeOf(one, strays);
        tests.push(outcome);
        history.tookMs.set(one.id, outcome.timeSpentMs);
        if (outcome.status !== TestStatus.Failed) continue;
        history.kills += 1;
        history.killedLast.set(one.id, history.kills);
        if (!disableBail) break;
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

/** What the tests have shown so far: how long each takes, and which killed a mutant last. */
interface History {
  readonly tookMs: Map<string, number>;
  readonly killedLast: Map<string, number>;
  kills: number;
}

/**
 * Most mutants fall to a quick test: to one that killed the mutants before it, or to one in the file that has their own file's
 * name. So the histories of weeks come last. How long a test takes is learnt as it runs.
 */
function likeliestFirst(cases: readonly TestCase[], mutated: string, history: Readonly<History>) {
  const { tookMs, killedLast, kills } = history;
  const ownTests = `${basename(mutated, '.ts')}.test.ts`;
  const rank = ({ id, fileName }: TestCase) => {
    if ((tookMs.get(id) ?? 0) > 100) return 3;
    if (kills - (killedLast.get(id) ?? -RECENT_KILLS) < RECENT_KILLS) return 0;
    return basename(fileName) === ownTests ? 1 : 2;
  };
  return cases.toSorted((a, b) => rank(a) - rank(b));
}

async function outcomeOf({ id, name, fileName, run }: TestCase, strays: unknown[]): Promise<TestResult> {
  const startedAt = performance.now();
  strays.length = 0;
  try {
    await run();
    // A rejection counts as unhandled once all that was due has run.
    await setImmediate();
  } catch (error) {
    strays.push(error);
  }
  const told = { id, name, fileName: resolve(fileName), timeSpentMs: performance.now() - startedAt };
  if (strays.length === 0) return { ...told, status: TestStatus.Success };
  const [error] = strays;
  const failureMessage = error instanceof Error ? error.message : String(error);
  return { ...told, status: TestStatus.Failed, failureMessage };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'loaded-once', createRunner)];
