import { join } from 'node:path';
import { z } from 'zod';
import type { Tools } from '../emulator/tools.ts';
import { run } from '../run.ts';
import { unusedFeatures } from './unused-features.ts';

const rightsSchema = z.record(z.string(), z.array(z.string()));

/** What the handlers of a type of resource may call. */
export type RightsByType = Readonly<Record<string, readonly string[]>>;

/** The rights that a type's handlers need for what our template uses. */
export function neededRights(type: string, published: readonly string[]): string[] {
  return published.filter((right) => !(unusedFeatures[type] ?? []).some(([, rights]) => rights.test(right)));
}

/** Features of the list above that AWS's own lists no longer know. */
export function staleFeatures(published: RightsByType): string[] {
  return Object.entries(unusedFeatures).flatMap(([type, features]) =>
    features
      .filter(([, rights]) => !published[type]?.some((right) => rights.test(right)))
      .map(([name]) => `${type}: ${name}`),
  );
}

/** The rights that AWS lists for each of these types of resource. */
export async function publishedRights({ python }: Tools, types: readonly string[]): Promise<RightsByType> {
  const listed = await run(python, [join(import.meta.dirname, 'handlers.py'), ...types]);
  return rightsSchema.parse(JSON.parse(listed));
}
