import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { addressOf } from '../../address-of.ts';
import { createSecret, deleteSecret, putSecretValue, type SaveSecrets } from './change-secrets.ts';
import { type Answer, faults, getSecretValue, refusal, type SecretsFault } from './get-secret-value.ts';
import { listSecrets } from './list-secrets.ts';
import { type SecretsByNetwork, SecretsFileFaulty, secretsFile, writeSecretsFile } from './secrets-file.ts';

export interface SecretsManagerServer {
  readonly endpoint: string;
  /** How many calls have arrived. */
  calls(): number;
  /** The answer to every call until this is called again. */
  fail(fault: SecretsFault | undefined): void;
  /** How long every answer takes. */
  delay(ms: number): void;
  close(): Promise<void>;
}

type Source = { readonly file: string } | { readonly secrets: Record<string, unknown> };

export type SecretsManagerOptions = Source & {
  /** The prefix of a network's name, with a slash at its end or without. */
  readonly prefix: string;
  readonly port?: number;
  /** The file became invalid while the server runs; calls are refused until it is fixed. */
  readonly onFaultyFile?: (error: SecretsFileFaulty) => void;
};

const targetPrefix = 'secretsmanager.';
type Operation = (body: string, prefix: string, secrets: SecretsByNetwork, save: SaveSecrets) => Answer;
const operations: Readonly<Record<string, Operation>> = {
  GetSecretValue: getSecretValue,
  ListSecrets: listSecrets,
  CreateSecret: createSecret,
  PutSecretValue: putSecretValue,
  DeleteSecret: deleteSecret,
};
const maxBodyBytes = 64 * 1024;

function operationOf({ headers }: IncomingMessage) {
  const target = headers['x-amz-target'];
  return Object.entries(operations).find(([name]) => target === `${targetPrefix}${name}`)?.[1];
}

function saveTo(source: Source): SaveSecrets {
  if ('file' in source) return (secrets) => writeSecretsFile(source.file, secrets);
  return (secrets) => {
    for (const network of Object.keys(source.secrets)) delete source.secrets[network];
    Object.assign(source.secrets, secrets);
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Secrets Manager's protocol (AWS JSON 1.1), as much of it as the relay uses, on 127.0.0.1. Secrets given as an object may
 * be changed in place. Throws `SecretsFileFaulty` if the file cannot be used at the start.
 */
export async function startSecretsManager(options: SecretsManagerOptions): Promise<SecretsManagerServer> {
  const { prefix, port = 0, onFaultyFile } = options;
  const current = 'file' in options ? secretsFile(options.file) : () => options.secrets;
  const save = saveTo(options);
  const namesBegin = `${prefix.replace(/\/+$/, '')}/`;
  let fault: SecretsFault | undefined;
  let delayMs = 0;
  let calls = 0;

  const operated = (operate: Operation, body: string): Answer => {
    try {
      return operate(body, namesBegin, current(), save);
    } catch (error) {
      if (!(error instanceof SecretsFileFaulty)) throw error;
      onFaultyFile?.(error);
      return faults.internal;
    }
  };

  const answerTo = (request: IncomingMessage, body: string): Answer => {
    if (fault !== undefined) return faults[fault];
    const operate = request.method === 'POST' ? operationOf(request) : undefined;
    if (operate !== undefined) return operated(operate, body);
    return refusal('UnknownOperationException', `Only ${Object.keys(operations).join(', ')} are known here`);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    calls += 1;
    const body = await bodyOf(request);
    if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    const { status, body: reply } = answerTo(request, body);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(reply));
  };

  const server = createServer((request, response) => {
    // A caller that hangs up in the middle gets no answer, and harms no other.
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    endpoint: addressOf(server),
    calls: () => calls,
    fail: (next) => {
      fault = next;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
