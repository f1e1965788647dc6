import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { addressOf } from '../address-of.ts';
import type { ResourceValues } from './references.ts';

/** A message as a subscriber by mail gets it. */
export interface PublishedMail {
  readonly subject: string;
  readonly text: string;
}

export interface TopicServer {
  readonly endpoint: string;
  /** By logical id. */
  readonly topics: ReadonlyMap<string, ResourceValues>;
  close(): Promise<void>;
}

const MOST_BYTES = 256 * 1024;

/** What SNS takes as a subject: up to 100 ASCII characters, the first of them no blank, and no line break. */
function isSubject(subject: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject);
}

function refusalOf(call: URLSearchParams, topics: ReadonlySet<string>): string | undefined {
  if (call.get('Action') !== 'Publish') return 'InvalidAction';
  if (!topics.has(call.get('TopicArn') ?? '')) return 'NotFound';
  const text = call.get('Message') ?? '';
  const fits = text !== '' && Buffer.byteLength(text) <= MOST_BYTES;
  return fits && isSubject(call.get('Subject') ?? '') ? undefined : 'InvalidParameter';
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

interface TopicSettings {
  readonly region: string;
  /** Logical ids. */
  readonly ids: readonly string[];
  readonly onMail: (mail: PublishedMail) => void;
}

/** SNS's protocol, as much of it as the relay uses, on a free port of this machine, with these topics. */
export async function startTopics({ region, ids, onMail }: TopicSettings): Promise<TopicServer> {
  const arnOf = (id: string) => `arn:aws:sns:${region}:000000000000:${id}`;
  const topics = new Map(ids.map((id) => [id, { ref: arnOf(id), arn: arnOf(id) }]));
  const arns = new Set(ids.map((id) => arnOf(id)));
  const server = createServer(async (request, response) => {
    const call = await bodyOf(request);
    const refusal = refusalOf(call, arns);
    if (refusal !== undefined) {
      const error = `<Error><Type>Sender</Type><Code>${refusal}</Code><Message>${refusal}</Message></Error>`;
      answer(response, 400, `<ErrorResponse>${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
      return;
    }
    onMail({ subject: call.get('Subject') ?? '', text: call.get('Message') ?? '' });
    const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`;
    answer(response, 200, `<PublishResponse>${result}</PublishResponse>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: addressOf(server),
    topics,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
