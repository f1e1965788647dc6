import { packaged } from '../measure/packaged.ts';
import type { Measure } from '../row.ts';

const apiFunctions: ReadonlySet<string> = new Set([
  'domain-added',
  'domain-removed',
  'ssl-retry',
  'domain-status',
  'connection',
]);

/** What Lambda fetches before a cold start of an API function. */
export const measure: Measure = async () =>
  (await packaged())
    .filter(({ name }) => apiFunctions.has(name))
    .map(({ name, zippedBytes }) => ({
      measure: `${name}, zipped`,
      value: zippedBytes / 1_000,
      goal: 150,
      unit: 'KB',
    }));
