import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectDir } from '../../../local/service.ts';
import type { AwsCall } from './aws-call.ts';

const kinds: readonly (readonly string[])[] = [
  ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  ['dynamodb:PutItem'],
  ['sqs:SendMessage'],
];

/** How often a function read the ledger, wrote to it, and sent messages. */
export function askedOf(calls: readonly AwsCall[] = []): number[] {
  return kinds.map((actions) => calls.filter(({ action }) => actions.includes(action)).length);
}

/** The same as the runbook counts it, by what it is counted for. */
export async function countedCalls(): Promise<Map<string, number[]>> {
  const text = await readFile(join(projectDir, 'docs/reference/cost.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([^|]+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
  return new Map(rows.map(([, what = '', ...counts]) => [what, counts.map(Number)]));
}
