import { startDynalite } from '../../test/support/aws/dynalite.ts';
import { startSqs } from '../../test/support/aws/fauxqs.ts';
import { secretPrefix, startSecrets } from '../../test/support/aws/secrets-manager.ts';
import { startFaultyProxy } from '../../test/support/http/faulty-proxy.ts';
import { atEnd } from './closing.ts';
import { NETWORK, secretOfNetwork } from './signed-calls.ts';

/** Emulators of AWS in this process, for functions in processes of their own. */
export interface AwsWorld {
  /** The environment of such a function. */
  readonly env: Readonly<Record<string, string>>;
  /** How many calls have arrived so far. */
  calls(): number;
}

/** Starts DynamoDB, SQS and Secrets Manager with one network's secret. They run until the last row has ended. */
export async function startAwsWorld(): Promise<AwsWorld> {
  const dynamo = await startDynalite();
  const sqs = await startSqs();
  const secrets = await startSecrets();
  secrets.secrets[NETWORK] = secretOfNetwork;
  const proxies = [dynamo.endpoint, sqs.endpoint, secrets.server.endpoint].map((endpoint) =>
    startFaultyProxy(endpoint),
  );
  const [ledger, queue, secretsManager] = await Promise.all(proxies);
  if (ledger === undefined || queue === undefined || secretsManager === undefined)
    throw new Error('Three are started');
  atEnd(async () => {
    for (const { close } of [ledger, queue, secretsManager, dynamo, sqs, secrets]) await close();
  });
  // Queues are called where their URL leads.
  const through = (name: string) => new URL(new URL(sqs.queue(name)).pathname, queue.endpoint).href;
  return {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_ENDPOINT_URL_DYNAMODB: ledger.endpoint,
      AWS_ENDPOINT_URL_SQS: queue.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
      LEDGER_TABLE: await dynamo.table(),
      DOMAIN_QUEUE_URL: through('domains'),
      CERTIFICATE_QUEUE_URL: through('certificates'),
      SECRET_PREFIX: secretPrefix,
      SECRET_NAME: `${secretPrefix}${NETWORK}`,
    },
    calls: () => [ledger, queue, secretsManager].reduce((sum, { seen }) => sum + seen.length, 0),
  };
}
