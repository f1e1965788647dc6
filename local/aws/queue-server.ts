import { buildApp } from 'fauxqs';
import { z } from 'zod';
import type { MessageKeeper } from './kept-messages.ts';
import { refusedCall, refusedEntries } from './sqs-limits.ts';

export interface QueueServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

const actionPrefix = 'AmazonSQS.';
const batchBodySchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) });
const batchAnswerSchema = z.object({ Failed: z.array(z.unknown()) });

interface FailedEntry {
  readonly Id: string;
  readonly SenderFault: true;
  readonly Code: string;
  readonly Message: string;
}

function actionOf(target: unknown): string {
  return typeof target === 'string' && target.startsWith(actionPrefix)
    ? target.slice(actionPrefix.length)
    : '';
}

/** SQS's protocol on a free port of this machine, held to the limits of AWS that fauxqs does not know. `keeper` follows it. */
export async function startQueueServer(keeper?: MessageKeeper): Promise<QueueServer> {
  const app = buildApp({ logger: false });
  const failedOf = new WeakMap<object, FailedEntry[]>();

  app.addHook('preHandler', async (request, reply) => {
    const action = actionOf(request.headers['x-amz-target']);
    const refusal = refusedCall(action, request.body);
    if (refusal !== undefined) {
      return reply
        .code(400)
        .header('content-type', 'application/x-amz-json-1.0')
        .header('x-amzn-query-error', `${refusal.code};Sender`)
        .send({ __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message });
    }
    if (action !== 'SendMessageBatch') return;
    const refused = refusedEntries(request.body);
    if (refused.length === 0) return;
    const failed = refused.map(
      ({ id, code, message }): FailedEntry => ({ Id: id, SenderFault: true, Code: code, Message: message }),
    );
    const ids = new Set(refused.map(({ id }) => id));
    const body = batchBodySchema.parse(request.body);
    const entries = body.Entries.filter(({ Id }) => !ids.has(Id));
    if (entries.length === 0) return reply.send({ Successful: [], Failed: failed });
    request.body = { ...body, Entries: entries };
    failedOf.set(request, failed);
  });

  app.addHook('preSerialization', async (request, reply, payload) => {
    if (keeper !== undefined && reply.statusCode === 200) {
      keeper.note(actionOf(request.headers['x-amz-target']), request.body, payload);
    }
    const failed = failedOf.get(request);
    const answer = batchAnswerSchema.loose().safeParse(payload);
    return failed === undefined || !answer.success
      ? payload
      : { ...answer.data, Failed: [...answer.data.Failed, ...failed] };
  });

  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  return { endpoint, close: () => app.close() };
}
