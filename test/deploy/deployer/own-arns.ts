import type { Place } from '../calls/aws-call.ts';

export interface Resource {
  readonly type: string;
  /** Logical id. */
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const bucketObject = 'serverless/runcloud-relay/prod/1795904192467/sweep.zip';
const domainName = '/domainnames/relay.network.example';

/** Paths of the API: of all of a type, and of one. */
const apiPaths: Readonly<Record<string, readonly [string, string]>> = {
  'AWS::ApiGatewayV2::Api': ['/apis', '/apis/a1b2c3'],
  'AWS::ApiGatewayV2::Stage': ['/apis/a1b2c3/stages', '/apis/a1b2c3/stages/$default'],
  'AWS::ApiGatewayV2::Route': ['/apis/a1b2c3/routes', '/apis/a1b2c3/routes/d4e5f6'],
  'AWS::ApiGatewayV2::Integration': ['/apis/a1b2c3/integrations', '/apis/a1b2c3/integrations/d4e5f6'],
  'AWS::ApiGatewayV2::DomainName': ['/domainnames', domainName],
  'AWS::ApiGatewayV2::ApiMapping': [`${domainName}/apimappings`, `${domainName}/apimappings/d4e5f6`],
};

/** As CloudFormation names what has no name: after its stack. */
export function arnsIn(stack: string, { region, accountId }: Place) {
  const named = (id: string) => `${stack}-${id}-1A2B3C4D5E6F`;
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;
  const bucket = `arn:aws:s3:::${named('ServerlessDeploymentBucket').toLowerCase()}`;

  return {
    role: (id: string) => `arn:aws:iam::${accountId}:role/${named(id)}`,
    anyFunction: arn('lambda', `function:${stack}-sync-domain`),
    code: `${bucket}/${bucketObject}`,
    tags: (path: string) => `arn:aws:apigateway:${region}::/tags/${encodeURIComponent(path)}`,
    api: (type: string) => {
      const paths = apiPaths[type];
      if (paths === undefined) throw new Error(`${type} has no path of the API`);
      const [list, item] = paths;
      const prefix = `arn:aws:apigateway:${region}::`;
      return { list: `${prefix}${list}`, item: `${prefix}${item}` };
    },
    /** Of a resource of another service. */
    own: ({ type, id, properties }: Resource): string => {
      const { AlarmName, DashboardName, FunctionName, LogGroupName } = properties;
      switch (type) {
        case 'AWS::DynamoDB::Table':
          return arn('dynamodb', `table/${named(id)}`);
        case 'AWS::SQS::Queue':
          return arn('sqs', named(id));
        case 'AWS::SQS::QueuePolicy':
          return arn('sqs', named('DomainQueue'));
        case 'AWS::SNS::Topic':
          return arn('sns', named(id));
        case 'AWS::SNS::Subscription':
          return arn('sns', named('AlarmTopic'));
        case 'AWS::CloudWatch::Alarm':
          return arn('cloudwatch', `alarm:${AlarmName}`);
        case 'AWS::CloudWatch::Dashboard':
          return `arn:aws:cloudwatch::${accountId}:dashboard/${DashboardName}`;
        case 'AWS::Logs::LogGroup':
          return arn('logs', `log-group:${LogGroupName}`);
        case 'AWS::Lambda::Function':
          return arn('lambda', `function:${FunctionName}`);
        case 'AWS::Lambda::Version':
          return arn('lambda', `function:${stack}-sync-domain:1`);
        case 'AWS::Lambda::Permission':
        case 'AWS::Lambda::EventInvokeConfig':
          return arn('lambda', `function:${stack}-sweep`);
        case 'AWS::Lambda::EventSourceMapping':
          return arn('lambda', 'event-source-mapping:0f3c1a52-7a1e-4a7c-9d54-0c7ae2b0a001');
        case 'AWS::Events::Rule':
          return arn('events', `rule/${named(id)}`);
        case 'AWS::IAM::Role':
          return `arn:aws:iam::${accountId}:role/${named(id)}`;
        case 'AWS::IAM::Policy':
          return `arn:aws:iam::${accountId}:role/${named('SweepRole')}`;
        case 'AWS::S3::Bucket':
        case 'AWS::S3::BucketPolicy':
          return bucket;
        default:
          throw new Error(`A type of resource that the deployer's policy was never held against: ${type}`);
      }
    },
  };
}
