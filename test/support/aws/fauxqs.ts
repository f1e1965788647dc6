import type { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { sqsClient } from '../../../lib/aws/queue.ts';
import { awsEnvironment } from './aws-environment.ts';
import { patient } from './patient.ts';

export interface LocalSqs {
  readonly server: FauxqsServer;
  readonly endpoint: string;
  readonly client: SQSClient;
  /** Creates a queue; its URL. The server's own names a host that does not parse as one. */
  queue(name: string): string;
  close(): Promise<void>;
}

/**
 * SQS's protocol on a free port of this machine, and a client of ours that finds it as in production: by the environment,
 * whatever host a queue's URL names.
 */
export async function startSqs(): Promise<LocalSqs> {
  const server = await startFauxqs({
    port: 0,
    host: '127.0.0.1',
    logger: false,
    defaultRegion: 'eu-west-1',
  });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const restore = awsEnvironment({ AWS_ENDPOINT_URL_SQS: endpoint });
  const client = sqsClient(patient);
  return {
    server,
    endpoint,
    client,
    queue(name) {
      server.createQueue(name);
      return `${endpoint}/000000000000/${name}`;
    },
    async close() {
      client.destroy();
      restore();
      await server.stop();
    },
  };
}
