import * as z from 'zod/mini';

/** The name of a network, as used in a path, a secret's name and a key of the ledger. */
export const networkNameSchema = z.string().check(z.regex(/^[a-z0-9-]{1,32}$/));

export function isNetworkName(text: string): boolean {
  return networkNameSchema.safeParse(text).success;
}
