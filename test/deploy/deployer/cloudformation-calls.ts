import type { AwsCall, Place } from '../calls/aws-call.ts';
import type { Template } from '../template/template.ts';
import { arnsIn, type Resource } from './own-arns.ts';
import { neededRights, type RightsByType } from './published-rights.ts';

/** AWS takes these for all resources only. */
const unnamed =
  /^(cloudwatch:DescribeAlarms|logs:(Describe\w+|(Put|Delete)QueryDefinition|PutResourcePolicy|\w+LogDeliver(y|ies)))$/;

/** What is not in AWS's lists, and stands in its guides: an access log of an HTTP API, and the role of API Gateway. */
const fromGuides: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Stage': [
    ...['Create', 'Get', 'Update', 'Delete'].map((verb) => `logs:${verb}LogDelivery`),
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
  ],
  'AWS::ApiGatewayV2::DomainName': ['iam:CreateServiceLinkedRole'],
};

const withTags = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::DomainName',
]);

/** Rights on a stack that a deploy with tags needs. */
const ofStack = ['cloudformation:TagResource', 'cloudformation:UntagResource'];

export interface Stage {
  readonly stack: string;
  readonly place: Place;
  readonly boundaryArn: string;
  readonly keyArn: string;
}

/** What CloudFormation asks of AWS for a resource of the stack, in the name of who deploys. */
function callsFor(resource: Resource, rights: readonly string[], stage: Stage): AwsCall[] {
  const { stack, place, boundaryArn, keyArn } = stage;
  const arns = arnsIn(stack, place);
  const call = (action: string, on: string, context: Readonly<Record<string, string>> = {}): AwsCall => ({
    action,
    resource: on,
    leadingKeys: [],
    context,
  });
  const toCalls = (action: string): AwsCall[] => {
    if (unnamed.test(action)) return [call(action, '*')];
    if (action === 'iam:CreateServiceLinkedRole') {
      const service = 'ops.apigateway.amazonaws.com';
      const role = `role/aws-service-role/${service}/AWSServiceRoleForAPIGateway`;
      return [call(action, `arn:aws:iam::${place.accountId}:${role}`, { 'iam:AWSServiceName': service })];
    }
    if (action === 'iam:PassRole') {
      return [call(action, arns.role('SweepRole'), { 'iam:PassedToService': 'lambda.amazonaws.com' })];
    }
    if (action.startsWith('iam:')) {
      return [call(action, arns.own(resource), { 'iam:PermissionsBoundary': boundaryArn })];
    }
    if (action.startsWith('kms:')) {
      return [call(action, keyArn, { 'kms:ViaService': `dynamodb.${place.region}.amazonaws.com` })];
    }
    if (action.startsWith('apigateway:')) {
      const { list, item } = arns.api(resource.type);
      if (action === 'apigateway:POST') return [call(action, list)];
      if (action === 'apigateway:AddCertificateToDomain') return [call(action, list), call(action, item)];
      return [call(action, item)];
    }
    if (resource.type === 'AWS::Lambda::Function' && action === 's3:GetObject')
      return [call(action, arns.code)];
    if (/EventSourceMapping$/.test(action)) {
      return [call(action, arns.own(resource), { 'lambda:FunctionArn': arns.anyFunction })];
    }
    if (resource.type === 'AWS::Logs::LogGroup') {
      // IAM knows a log group by two names, and which of them counts differs by action.
      return [arns.own(resource), `${arns.own(resource)}:log-stream:`].map((on) => call(action, on));
    }
    return [call(action, arns.own(resource))];
  };
  const tags = withTags.has(resource.type)
    ? ['POST', 'PUT', 'DELETE'].map((verb) =>
        call(`apigateway:${verb}`, arns.tags(arns.api(resource.type).item)),
      )
    : [];
  return [...[...rights, ...(fromGuides[resource.type] ?? [])].flatMap(toCalls), ...tags];
}

/** Every call of CloudFormation that a deploy, an update or a removal of this template may cause. */
export function cloudformationCalls(
  { Resources }: Template,
  published: RightsByType,
  stage: Stage,
): AwsCall[] {
  const { region, accountId } = stage.place;
  const stackArn = `arn:aws:cloudformation:${region}:${accountId}:stack/${stage.stack}/0f3c1a52`;
  return [
    ...ofStack.map((action) => ({ action, resource: stackArn, leadingKeys: [] })),
    ...Object.entries(Resources).flatMap(([id, { Type: type, Properties: properties }]) => {
      const rights = published[type];
      if (rights === undefined) throw new Error(`AWS lists no rights for ${type}`);
      return callsFor({ type, id, properties }, neededRights(type, rights), stage);
    }),
  ];
}
