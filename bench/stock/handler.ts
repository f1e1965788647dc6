import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';

/** A handler in the usual way: each package as its own documentation imports it, every client made at the start. */
const logger = new Logger({ serviceName: 'stock' });
const metrics = new Metrics({ namespace: 'stock', serviceName: 'stock' });
const secrets = new SecretsManagerClient();
const dynamo = new DynamoDBClient();
const sqs = new SQSClient();
const sns = new SNSClient();

const eventSchema = z.object({ data: z.object({ domain: z.string() }) });
const environmentSchema = z.object({
  SECRET_NAME: z.string(),
  LEDGER_TABLE: z.string(),
  DOMAIN_QUEUE_URL: z.string(),
  TOPIC_ARN: z.string().optional(),
});

export const handler = middy(async ({ body = '' }: APIGatewayProxyEventV2) => {
  const { SECRET_NAME, LEDGER_TABLE, DOMAIN_QUEUE_URL, TOPIC_ARN } = environmentSchema.parse(process.env);
  const { domain } = eventSchema.parse(JSON.parse(body)).data;
  await secrets.send(new GetSecretValueCommand({ SecretId: SECRET_NAME }));
  const Item = { network: { S: 'acme' }, item: { S: `domain#${domain}` } };
  await dynamo.send(new PutItemCommand({ TableName: LEDGER_TABLE, Item }));
  await sqs.send(new SendMessageCommand({ QueueUrl: DOMAIN_QUEUE_URL, MessageBody: domain }));
  if (TOPIC_ARN !== undefined) await sns.send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: domain }));
  logger.info('event answered', { domain });
  metrics.addMetric('accepted', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode: 202, body: JSON.stringify({ domain }) };
});
