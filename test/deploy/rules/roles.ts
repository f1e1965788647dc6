import { z } from 'zod';
import { arnOwner, ofType, type Template } from '../template/template.ts';

const text = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());

const statementSchema = z.object({
  Effect: z.literal('Allow'),
  Action: text,
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
});

const roleSchema = z.object({
  ManagedPolicyArns: z.undefined().optional(),
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) })),
});

const functionSchema = z.object({ Role: z.unknown() });

/** Rights, as a reader wants them: what on what, and the condition if there is one. */
type Rights = readonly string[];

const secrets = 'secretsmanager:GetSecretValue on secrets of the stage';
function table(...actions: string[]): string[] {
  return actions.map((action) => `dynamodb:${action} on LedgerTable`);
}
function feedsFrom(queue: string): string[] {
  return ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} on ${queue}`,
  );
}
function sendsTo(queue: string): string {
  return `sqs:SendMessage on ${queue}`;
}

const api = [secrets, ...table('GetItem', 'PutItem'), sendsTo('DomainQueue')];
// A live read counts towards a credential's limit: it writes its pace, and nothing else.
const read = [secrets, ...table('GetItem', 'Query'), `${table('PutItem')} if token#*`];

/** All that each function may do, by its logical name. */
export const allowed: Readonly<Record<string, Rights>> = {
  DomainDashadded: api,
  DomainDashremoved: api,
  SslDashretry: [...api, sendsTo('CertificateQueue')],
  DomainDashstatus: read,
  Connection: read,
  SyncDashdomain: [
    secrets,
    ...table('GetItem', 'BatchGetItem', 'PutItem', 'Query', 'DescribeTable'),
    ...feedsFrom('DomainQueue'),
    sendsTo('DomainQueue'),
    sendsTo('DomainDeadLetters'),
    sendsTo('CertificateQueue'),
    sendsTo('OutcomeQueue'),
  ],
  SecureDashdomains: [
    secrets,
    ...table('GetItem', 'BatchGetItem', 'PutItem', 'Query', 'DescribeTable'),
    'dynamodb:Query on LedgerTable/index/due-certificates',
    ...feedsFrom('CertificateQueue'),
    sendsTo('CertificateQueue'),
    sendsTo('CertificateDeadLetters'),
    sendsTo('OutcomeQueue'),
  ],
  PostDashoutcome: [
    secrets,
    ...table('GetItem', 'PutItem'),
    ...feedsFrom('OutcomeQueue'),
    sendsTo('OutcomeDeadLetters'),
  ],
  // It reads no secret.
  Sweep: [
    ...table('GetItem', 'PutItem', 'DescribeTable'),
    'dynamodb:Query on LedgerTable/index/due',
    'dynamodb:Query on LedgerTable/index/due-certificates',
    sendsTo('DomainQueue'),
    sendsTo('CertificateQueue'),
    sendsTo('OutcomeQueue'),
    ...['Domain', 'Certificate', 'Outcome'].map((of) => `sqs:GetQueueAttributes on ${of}DeadLetters`),
    'sns:Publish on NoticeTopic',
  ],
};

const secretsSchema = z.object({ 'Fn::Sub': z.string().regex(/:secret:runcloud-relay\/[a-z]+\/\*$/) });
const subSchema = z.object({ 'Fn::Sub': z.string() });
/** A topic's Ref is its ARN. */
const refSchema = z.strictObject({ Ref: z.literal('NoticeTopic') });
const leadingKeysSchema = z.strictObject({
  'ForAllValues:StringLike': z.strictObject({ 'dynamodb:LeadingKeys': z.array(z.string()) }),
});

/** A resource as people call it; what is no resource of the stack stays as it is, and so is seen. */
function nameOf(resource: unknown): string {
  if (secretsSchema.safeParse(resource).success) return 'secrets of the stage';
  const sub = subSchema.safeParse(resource);
  const part = sub.success ? /^\$\{(\w+)\.Arn\}(\/[\w/-]+)?$/.exec(sub.data['Fn::Sub']) : null;
  if (part !== null) return `${part[1]}${part[2] ?? ''}`;
  const topic = refSchema.safeParse(resource);
  return topic.success ? topic.data.Ref : (arnOwner(resource) ?? JSON.stringify(resource));
}

function conditionOf(condition: unknown): string {
  if (condition === undefined) return '';
  const keys = leadingKeysSchema.safeParse(condition);
  const named = keys.success
    ? keys.data['ForAllValues:StringLike']['dynamodb:LeadingKeys'].join(' ')
    : JSON.stringify(condition);
  return ` if ${named}`;
}

function rightsOf(role: z.infer<typeof roleSchema>): string[] {
  return role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(
    ({ Action, Resource, Condition }) =>
      [Resource]
        .flat()
        .flatMap((resource) =>
          Action.map((action) => `${action} on ${nameOf(resource)}${conditionOf(Condition)}`),
        ),
  );
}

/** Every function has a role that no other has, and that role what `allowed` says: no more, no less. */
export function roleFaults(template: Template): string[] {
  const taken = new Set<string>();
  const functions = ofType(template, 'AWS::Lambda::Function').map(([id, properties]) => {
    const role = arnOwner(functionSchema.parse(properties).Role) ?? 'a role of no resource';
    return { id: id.replace(/LambdaFunction$/, ''), role };
  });
  const faults = functions.flatMap(({ id, role }) => {
    if (taken.has(role)) return [`${id} shares ${role}`];
    taken.add(role);
    const parsed = roleSchema.safeParse(template.Resources[role]?.Properties);
    if (!parsed.success) return [`${role} is not a role of plain statements that allow`];
    const has = rightsOf(parsed.data);
    const logs = ['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} on ${id}LogGroup`);
    const may = [...logs, ...(allowed[id] ?? [])];
    return [
      ...has.filter((right) => !may.includes(right)).map((right) => `${role} allows ${right}`),
      ...may.filter((right) => !has.includes(right)).map((right) => `${role} lacks ${right}`),
    ];
  });
  const others = ofType(template, 'AWS::IAM::Role').filter(([id]) => !taken.has(id));
  return [...faults, ...others.map(([id]) => `${id} is a role that no function has`)];
}
