import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { plants } from './plants/all.ts';

/** The search for each plant takes minutes; a line that has changed since it was planted is seen at once. */
describe('the source that a plant edits', () => {
  const edits = plants.flatMap(({ name, edits: byFile }) =>
    Object.entries(byFile).flatMap(([file, all]) => all.map(({ find }) => ({ name, file, find }))),
  );

  test.each(edits)('stands in $file once: $name', ({ file, find }) => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(source.split(find)).toHaveLength(2);
  });

  test('is named by one plant of each name', () => {
    const names = plants.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
