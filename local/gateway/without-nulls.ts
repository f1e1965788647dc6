import { z } from 'zod';

const eventSchema = z.record(z.string(), z.unknown());

/** An HTTP API leaves absent parts of a request out of its events; serverless-offline says null instead. */
export function withoutNulls(event: unknown): unknown {
  return Object.fromEntries(Object.entries(eventSchema.parse(event)).filter(([, value]) => value !== null));
}
