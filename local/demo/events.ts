import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const eventSchema = z.strictObject({
  description: z.string(),
  network: z.string(),
  path: z.string().startsWith('/'),
  secondsAgo: z.number().min(0).default(0),
  times: z.number().int().min(1).default(1),
  meanwhile: z.enum(['runcloud-busy', 'dns-elsewhere']).optional(),
  body: z.record(z.string(), z.unknown()),
});

/** One of the calls in events/ (events/README.md lists the fields). */
export type SampleEvent = z.output<typeof eventSchema> & { readonly file: string };

/** All calls of a folder in the order of their names. */
export async function readEvents(dir: string): Promise<SampleEvent[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const parsed = eventSchema.safeParse(JSON.parse(await readFile(join(dir, file), 'utf8')));
      if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
      return { file, ...parsed.data };
    }),
  );
}
