import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Nothing here checks them; the SDK only wants some. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export function localDynamo(endpoint: string, region: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials });
}

/** Without a limit in time: a poll of a queue may wait for 20 s. */
export function localSqs(endpoint: string, region: string): SQSClient {
  return new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
}

export interface AwsEndpoints {
  readonly sqs: string;
  readonly sns: string;
  readonly dynamo: string;
  readonly secrets: string;
}

/** What tells the SDK in the functions where "AWS" is: the only thing in which this machine differs from AWS. */
export function awsEnvironment(region: string, endpoints: AwsEndpoints): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamo,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secrets,
  };
}
