import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getState, resetState } from 'jest-circus';

/** One test, ready to be run as often as there are mutants. */
export interface TestCase {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly run: () => unknown;
}

type Block = ReturnType<typeof getState>['rootDescribeBlock'];

const globals = new URL('./jest-globals.ts', import.meta.url).href;

// Random histories of weeks: seconds for nearly every mutant of lib/certificates.
const tooSlow = ['chance.test.ts'];

/** The tests beside the mutated folders, loaded once into this process from the copy it stands in. */
export async function loadTestCases(): Promise<TestCase[]> {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
  });

  const cases: TestCase[] = [];
  for (const file of globSync('test/lib/{sync,webhook,certificates}/**/*.test.ts').sort()) {
    if (tooSlow.includes(basename(file))) continue;
    resetState();
    await import(pathToFileURL(join(process.cwd(), file)).href);
    const found = casesOf(getState().rootDescribeBlock, file);
    // Titles may repeat, so a test is identified by its position as well.
    cases.push(...found.map((one, index) => ({ ...one, id: `${file}#${index} ${one.name}` })));
  }
  return cases;
}

function casesOf(block: Block, fileName: string, path: readonly string[] = []): Omit<TestCase, 'id'>[] {
  // What starts a server first is a test of an adapter too, and slow.
  if (block.hooks.length > 0) return [];
  if (block.mode === 'skip' || block.mode === 'only') throw new Error(`${fileName}: all tests must run`);
  return block.children.flatMap((child) => {
    const names = [...path, child.name];
    if (child.type === 'describeBlock') return casesOf(child, fileName, names);
    const name = names.join(' > ');
    const { fn, mode } = child;
    if (mode !== undefined || fn === undefined) throw new Error(`${fileName}: ${name} does not run`);
    return { name, fileName, run: () => Reflect.apply(fn, {}, []) };
  });
}
