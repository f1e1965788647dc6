import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { longFiles } from './long-files.ts';

const files = globSync('test/**/*.test.ts', { cwd: join(import.meta.dirname, '..') }).map(
  (file) => `/${file}`,
);

test.each(longFiles)('%s, which runs before the others, names a test', (part) => {
  expect(files.filter((file) => file.includes(part))).not.toEqual([]);
});
