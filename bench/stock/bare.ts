import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const dynamo = new DynamoDBClient();
const sqs = new SQSClient();

/** The least that an API handler can do: keep the body, and send a message. */
export async function handler({ rawPath, headers, body = '' }: APIGatewayProxyEventV2) {
  const Item = { network: { S: rawPath }, item: { S: headers['webhook-id'] ?? '' }, body: { S: body } };
  await dynamo.send(new PutItemCommand({ TableName: process.env.LEDGER_TABLE, Item }));
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.DOMAIN_QUEUE_URL, MessageBody: body }));
  return { statusCode: 202 };
}
