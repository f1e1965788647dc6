import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const folder = new URL('../../../lib/runcloud/', import.meta.url);

function importsOf(file: string): string[] {
  return [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g)].map(
    ([, from = '']) => from,
  );
}

test.each(readdirSync(folder))(
  '%s knows RunCloud and nothing of AWS, queues, API handlers or the local stack',
  (file) => {
    const allowed =
      /^(\.\/|\.\.\/(errors|loopback-host|retry-after|settings\/settings|sync\/(ledger\/(runcloud-)?ports))\.ts$|node:|zod\/mini$)/;
    expect(importsOf(file).filter((from) => !allowed.test(from))).toEqual([]);
  },
);
