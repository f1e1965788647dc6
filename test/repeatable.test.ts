import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.includes('.cache'))
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));

function filesWith(pattern: RegExp) {
  return files.filter(({ text }) => pattern.test(text));
}

test('a property plays the same cases in every run', () => {
  const playing = filesWith(/\bfc\.(assert|check|sample)\(/);
  expect(playing.length).toBeGreaterThan(15);
  expect(playing.filter(({ text }) => /from 'fast-check'/.test(text)).map(({ file }) => file)).toEqual([]);
});

test('no random choice is made without a seed', () => {
  expect(filesWith(/\bMath\.random\b/).map(({ file }) => file)).toEqual([]);
});

test('no test has a time limit of its own: on a busy machine that ends a good one', () => {
  expect(filesWith(/^ *\}\)?, \d[\d_]{3,}\);$/m).map(({ file }) => file)).toEqual([]);
});
