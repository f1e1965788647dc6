import { z } from 'zod';
import type { Call } from './call.ts';

export interface Answer {
  readonly ok: boolean;
  /** The status and the relay's own name for it. */
  readonly text: string;
}

const updateSchema = z.union([
  z.object({ status: z.string() }).transform(({ status }) => status),
  z.object({ title: z.string() }).transform(({ title }) => title),
]);

function updateIn(body: string): string {
  try {
    return updateSchema.safeParse(JSON.parse(body)).data ?? '';
  } catch {
    // The built-in webhook's test event is answered with a sentence.
    return body;
  }
}

/** Sends a call to the relay as the multisite does. */
export async function send(relayUrl: string, { path, headers, body }: Call): Promise<Answer> {
  const response = await fetch(`${relayUrl}${path}`, { method: 'POST', headers, body });
  return { ok: response.ok, text: `${response.status} ${updateIn(await response.text())}`.trimEnd() };
}
