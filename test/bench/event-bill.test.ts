import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { unitCounter } from '../../bench/aws/units.ts';
import { ACCESS_LINE } from '../../bench/bill/accepted-event.ts';
import { billedBytes, millionBill, together, type Work } from '../../bench/bill/bill.ts';

const root = join(import.meta.dirname, '..', '..');

function put(item: Readonly<Record<string, { S: string } | { N: string }>>) {
  return { command: 'PutItem', input: { Item: { network: { S: 'acme' }, ...item } }, output: {} };
}

test('a write is billed by its size, and once more for each row of an index that comes, goes or moves', () => {
  const unitsOf = unitCounter();
  const writes = (item: Parameters<typeof put>[0]) => unitsOf([put(item)]).writes;
  const domain = { item: { S: 'domain#shop.example' }, work: { S: 'domain' } };
  expect(writes({ ...domain, sendAt: { N: '1' } })).toBe(2);
  expect(writes({ ...domain, sendAt: { N: '1' }, note: { S: 'x'.repeat(1_024) } })).toBe(2);
  expect(writes({ item: domain.item })).toBe(3);
  const certificate = { item: { S: 'certificate#shop.example' }, certificatesOf: { S: 'acme' } };
  expect(writes({ ...certificate, sendAt: { N: '1' } })).toBe(2);
  expect(writes({ ...certificate, sendAt: { N: '2' } })).toBe(3);
  const inBoth = { ...certificate, work: { S: 'certificate' } };
  expect(writes({ ...inBoth, sendAt: { N: '2' } })).toBe(2);
  expect(writes({ ...inBoth, sendAt: { N: '3' } })).toBe(5);
});

const work: Work = {
  units: { reads: 1, writes: 2, queues: 1, secrets: 0 },
  calls: 1,
  gbSeconds: 0.1,
  lines: ['{"message":"domain reconciled"}'],
  deliveries: 1,
};

test('what a burst does once is shared by its domains', () => {
  const alone = millionBill(work);
  const shared = millionBill(together([{ work }, { work, share: 0.25 }]));
  for (const [part, dollars] of Object.entries(alone)) expect(shared[part]).toBeCloseTo(dollars * 1.25);
});

test('a line of the log costs its bytes and what CloudWatch adds, and a call what Lambda writes', () => {
  const { lines } = work;
  expect(billedBytes({ lines, calls: 0 })).toBe(32 + 26);
  expect(billedBytes({ lines: [], calls: 2 })).toBe(2 * (300 + 3 * 26));
});

test('the line of the access log has the fields of serverless.yml', async () => {
  const settings = await readFile(join(root, 'serverless.yml'), 'utf8');
  const [, format = '{}'] = /^ +format: '(\{"requestId.*\})'$/m.exec(settings) ?? [];
  expect(Object.keys(JSON.parse(ACCESS_LINE))).toEqual(Object.keys(JSON.parse(format)));
});
