import { z } from 'zod';
import { Fault } from '../../fault.ts';
import type { Fault as RuncloudFault } from './faults.ts';

const answerSchema = z.strictObject({
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  html: z.string().optional(),
});

const faultSchema = z.strictObject({
  method: z.string().optional(),
  /** A regular expression, tested against the whole path. */
  path: z.string().optional(),
  after: z.number().int().min(0).optional(),
  /** Left out: every time. */
  times: z.number().int().min(1).optional(),
  delayMs: z.number().min(0).optional(),
  does: z.enum(['never', 'now']).optional(),
  answer: z.union([z.enum(['own', 'drop', 'silence']), answerSchema]).optional(),
});

type Given = z.infer<typeof faultSchema>;

function defined<T extends object>(value: T) {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

function toFault({ path, times = Number.POSITIVE_INFINITY, ...fault }: Given): RuncloudFault {
  return {
    ...defined(fault),
    times,
    ...(path === undefined ? {} : { path: new RegExp(path) }),
  };
}

/**
 * `RUNCLOUD_FAULTS`: a JSON array of what goes wrong in our own RunCloud, for instance
 * `[{"method": "POST", "path": "/domains$", "answer": {"status": 500}}]`.
 */
export function parseFaults(text: string | undefined): RuncloudFault[] {
  if (text === undefined) return [];
  try {
    return z.array(faultSchema).parse(JSON.parse(text)).map(toFault);
  } catch (cause) {
    throw new Fault('RUNCLOUD_FAULTS must be a JSON array of faults (local/runcloud/http/parse-faults.ts)', {
      cause,
    });
  }
}
