import type { Switches } from '../state/switches.ts';
import { json, type Reply } from './replies.ts';

interface ErrorBody {
  readonly message: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

function bodyOf({ message, errors }: ErrorBody, shape: Exclude<Switches['errorShape'], 'message' | 'text'>) {
  const sentences = errors === undefined ? [message] : Object.values(errors).flat();
  switch (shape) {
    case 'error-message':
      return { error: { message: sentences.join(' ') } };
    case 'error':
      return { error: sentences.join(' ') };
    case 'errors':
      return { errors: errors ?? { request: [message] } };
    case 'errors-list':
      return { errors: sentences };
  }
}

/** The same refusal in another shape. Answers without a message, and successes, stay as they are. */
export function inShape(reply: Reply, shape: Switches['errorShape']): Reply {
  const isJson = reply.headers['content-type'] === 'application/json';
  if (shape === 'message' || reply.status < 400 || !isJson) return reply;
  const body: ErrorBody = JSON.parse(reply.body);
  if (shape !== 'text') return { ...json(reply.status, bodyOf(body, shape)), headers: reply.headers };
  const text = Object.values(body.errors ?? { request: [body.message] }).flat();
  return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' }, body: text.join(' ') };
}
