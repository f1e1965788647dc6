import { z } from 'zod';
import { type Answer, refusal } from './get-secret-value.ts';
import type { SecretsByNetwork } from './secrets-file.ts';

const requestSchema = z.object({
  Filters: z.array(z.object({ Key: z.literal('name'), Values: z.array(z.string()).min(1) })).default([]),
});

function parsed(body: string) {
  try {
    return requestSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** The answer to one ListSecrets: all on one page, those whose names begin as a filter says. `prefix` ends with a slash. */
export function listSecrets(body: string, prefix: string, secrets: SecretsByNetwork): Answer {
  const request = parsed(body);
  if (request === undefined)
    return refusal('InvalidParameterException', 'Only filters by name are known here');
  const names = Object.keys(secrets).map((network) => `${prefix}${network}`);
  const listed = names.filter((name) =>
    request.Filters.every(({ Values }) => Values.some((start) => name.startsWith(start))),
  );
  return { status: 200, body: { SecretList: listed.map((Name) => ({ Name })) } };
}
