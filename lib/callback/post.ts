import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import * as z from 'zod/mini';
import { parseRetryAfter } from '../retry-after.ts';
import type { OutgoingWebhook, Post, PostAnswer, Receiver } from '../sync/outcomes/ports.ts';
import { signatureOf } from '../webhook/sign.ts';
import { checkedLookup, ForbiddenAddress, isForbiddenHost } from './checked-lookup.ts';

export interface PostOptions {
  readonly timeoutMs?: number;
  readonly lookup?: LookupFunction;
}

/** Enough to let a usual answer end by itself; a longer one is cut off, for only its status counts. */
const MOST_READ_BYTES = 65_536;

function headersOf({ id, body, now }: OutgoingWebhook, secrets: readonly string[]) {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'runcloud-relay',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(body, { id, timestamp }, secrets),
  };
}

const systemErrorSchema = z.object({ code: z.string() });

/** The name of a failure below HTTP. Its message may hold the address, which is the network's secret. */
function reasonOf(error: unknown, timedOut: boolean): string {
  if (timedOut) return 'no answer in time';
  if (error instanceof ForbiddenAddress) return error.message;
  const failed = systemErrorSchema.safeParse(error);
  return failed.success ? failed.data.code : 'the connection failed';
}

/** Lets the answer end: a receiver that is cut off may stop before its work is done. */
function drained(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_READ_BYTES) response.destroy();
    });
    response.on('close', resolve);
    response.on('error', () => undefined);
  });
}

function exchange(
  url: URL,
  webhook: OutgoingWebhook,
  { secrets }: Receiver,
  { signal, lookup }: { readonly signal: AbortSignal; readonly lookup: LookupFunction },
): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const headers = headersOf(webhook, secrets);
    // A socket of its own: a kept one dies unseen while the function is frozen. Redirects are not followed.
    const request = send(url, { method: 'POST', headers, agent: false, lookup, signal }, resolve);
    request.on('error', reject);
    request.end(webhook.body);
  });
}

/** Posts a signed webhook once, to public addresses only (docs/decisions/0018). */
export function postWebhook({ timeoutMs = 10_000, lookup = checkedLookup() }: PostOptions = {}): Post {
  return async (webhook, receiver): Promise<PostAnswer> => {
    const url = new URL(receiver.url);
    if (isForbiddenHost(url.hostname.replace(/^\[|\]$/g, ''))) {
      return { kind: 'unanswered', why: new ForbiddenAddress().message };
    }
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await exchange(url, webhook, receiver, { signal, lookup });
      await drained(response);
      const { statusCode: status = 0, headers } = response;
      const retryAfterMs = parseRetryAfter(headers['retry-after'] ?? null, webhook.now);
      return { kind: 'answered', status, retryAfterMs };
    } catch (error) {
      return { kind: 'unanswered', why: reasonOf(error, signal.aborted) };
    }
  };
}
