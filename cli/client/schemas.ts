import { z } from 'zod';

// A newer relay may know more states and fields than this command line: it shows them as they are.
const hostingSchema = z.looseObject({
  state: z.string(),
  reason: z.string().nullable(),
  since: z.string(),
  nextTryAt: z.string().nullable(),
});

const certificateSchema = z.looseObject({
  state: z.string(),
  reason: z.string().nullable(),
  fix: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  notAfter: z.string().nullable(),
});

const summarySchema = z.looseObject({
  domain: z.string(),
  wanted: z.string(),
  hosting: hostingSchema,
  certificate: certificateSchema,
});

const historyEntrySchema = z.looseObject({ at: z.string(), what: z.string(), detail: z.string() });

export const statusSchema = summarySchema.extend({
  network: z.string(),
  lastError: z.looseObject({ code: z.string(), message: z.string(), at: z.string() }).nullable(),
  history: z.array(historyEntrySchema),
  live: z.looseObject({}).optional(),
});

export const pageSchema = z.looseObject({
  domains: z.array(summarySchema),
  unreadable: z.array(z.string()).default([]),
  cursor: z.string().nullable(),
});

export const acceptedSchema = z.looseObject({
  id: z.string(),
  domain: z.string(),
  status: z.string(),
  latest: z.string(),
});

export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  issues: z.array(z.looseObject({ path: z.string(), message: z.string() })).default([]),
});

export type DomainSummary = z.infer<typeof summarySchema>;
export type DomainStatus = z.infer<typeof statusSchema>;
export type Page = z.infer<typeof pageSchema>;
export type Accepted = z.infer<typeof acceptedSchema>;
