import { z } from 'zod';

/** One call to AWS, in the terms of a policy. */
export interface AwsCall {
  readonly action: string;
  readonly resource: string;
  /** `dynamodb:LeadingKeys`: partition keys of the items that the call is about. */
  readonly leadingKeys: readonly string[];
  /** Keys with one value that conditions may ask for. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A request to AWS, of whichever protocol its service speaks. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Where the resources of a call lie. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

const keySchema = z.object({ network: z.object({ S: z.string() }) });
const bodySchema = z.object({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  Key: keySchema.optional(),
  Item: keySchema.optional(),
  /** Of a batch: keys by table. */
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(keySchema) })).default({}),
  QueueUrl: z.url().optional(),
  SecretId: z.string().optional(),
});
type Body = z.infer<typeof bodySchema>;

/** Of AWS's JSON protocols: the service in `x-amz-target`, as policies call it. */
const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  secretsmanager: 'secretsmanager',
};

function arnOf(service: string, { region, accountId }: Place, rest: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${rest}`;
}

function resourceOf(service: string, body: Body, place: Place): string {
  const { IndexName, QueueUrl, SecretId, RequestItems } = body;
  const { TableName = Object.keys(RequestItems)[0] } = body;
  if (TableName !== undefined) {
    return arnOf(service, place, `table/${TableName}${IndexName === undefined ? '' : `/index/${IndexName}`}`);
  }
  if (QueueUrl !== undefined)
    return arnOf(service, place, new URL(QueueUrl).pathname.split('/').at(-1) ?? '');
  // Secrets Manager adds six characters of its own to every name.
  return arnOf(service, place, `secret:${SecretId}-a1B2c3`);
}

/** What a request of the SDK asks for. SQS knows no right of its own for a batch. */
export function toAwsCall(target: string, body: unknown, place: Place): AwsCall {
  const [prefix = '', operation = ''] = target.split('.');
  const service = services[prefix];
  if (service === undefined) throw new Error(`A call to a service that no role names: ${target}`);
  const parsed = bodySchema.parse(body);
  const batched = Object.values(parsed.RequestItems).flatMap(({ Keys }) => Keys);
  return {
    action: `${service}:${service === 'sqs' ? operation.replace(/Batch$/, '') : operation}`,
    resource: resourceOf(service, parsed, place),
    leadingKeys: [parsed.Key, parsed.Item, ...batched].flatMap((key) =>
      key === undefined ? [] : [key.network.S],
    ),
  };
}

/** What a form of SNS asks for. */
function toTopicCall(form: URLSearchParams): AwsCall {
  return { action: `sns:${form.get('Action')}`, resource: form.get('TopicArn') ?? '', leadingKeys: [] };
}

/** What a function asks for. SNS alone speaks AWS's query protocol: a form that names the action, with no target. */
export function toFunctionCall({ headers, body }: AwsRequest, place: Place): AwsCall {
  const target = headers['x-amz-target'];
  return typeof target === 'string'
    ? toAwsCall(target, JSON.parse(body), place)
    : toTopicCall(new URLSearchParams(body));
}
