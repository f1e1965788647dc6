import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Key, Kind } from '../../lib/sync/ledger/keys.ts';

const itemSchema = z.looseObject({ network: z.string(), item: z.string() });
const releasedSchema = z.object({
  version: z.string(),
  items: z.array(itemSchema),
  schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export type ReleasedItem = z.infer<typeof itemSchema>;
export type Released = z.infer<typeof releasedSchema>;

/** What a release has written, and how it reads (test/releases/record-items.ts). */
export async function readReleased(version: string): Promise<Released> {
  return releasedSchema.parse(
    JSON.parse(await readFile(join(import.meta.dirname, `${version}.json`), 'utf8')),
  );
}

/** Items by the start of their name (docs/rules.md, "The items"). */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^domain#/, 'domain'],
  [/^certificate#/, 'certificate'],
  [/^network$/, 'network'],
  [/^certificates$/, 'certificateWork'],
  [/^comparison$/, 'comparison'],
  [/^orders#/, 'domainOrders'],
  [/^orders$/, 'appOrders'],
  [/^claim$/, 'claim'],
  [/^rateLimit$/, 'rateLimit'],
  [/^outcome#/, 'outcome'],
  [/^notices$/, 'notices'],
  [/^lease$/, 'sweep'],
  [/^identity$/, 'identity'],
];

export function keyIn({ network, item }: ReleasedItem): Key<Kind> {
  const [, kind] = kinds.find(([name]) => name.test(item)) ?? [];
  if (kind === undefined) throw new Error(`${item} is an item of no kind that is known here`);
  return { kind, network, item };
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The same item as if it had been written that much later. Times are milliseconds, seconds or texts. */
function shifted(value: unknown, byMs: number): unknown {
  if (typeof value === 'number' && value > 1e12 && value < 2e12) return value + byMs;
  if (typeof value === 'number' && value > 1e9 && value < 2e9) return value + Math.round(byMs / 1_000);
  if (typeof value === 'string' && INSTANT.test(value))
    return new Date(Date.parse(value) + byMs).toISOString();
  if (Array.isArray(value)) return value.map((one) => shifted(one, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shifted(one, byMs)]));
}

/** Its items as if it had run until then. */
export function itemsUntil({ items }: Released, endMs: number): ReleasedItem[] {
  const last = Math.max(
    ...items.flatMap(({ since }) => (typeof since === 'string' ? [Date.parse(since)] : [])),
  );
  return items.map((item) => itemSchema.parse(shifted(item, endMs - last)));
}
