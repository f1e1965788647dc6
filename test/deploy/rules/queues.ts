import { z } from 'zod';
import { arnOwner, attribute, isSame, ofType, ref, type Template } from '../template/template.ts';

const DAY_SECONDS = 86_400;

const queueSchema = z.object({
  VisibilityTimeout: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() }).optional(),
});
type Queue = z.infer<typeof queueSchema>;

const mappingSchema = z.object({
  EventSourceArn: z.unknown(),
  FunctionName: z.unknown(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  BatchSize: z.number(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
});

const policySchema = z.object({
  Queues: z.array(z.unknown()),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.string(),
        Principal: z.unknown(),
        Action: z.string(),
        Resource: z.array(z.unknown()),
        Condition: z.unknown(),
      }),
    ),
  }),
});

/** A fresh account runs ten calls at once; what the workers leave of them is for the API handlers, the reads and the sweep. */
const FRESH_ACCOUNT_CALLS = 10;
const LEFT_FOR_OTHERS = 3;

const timeoutSchema = z.object({ Timeout: z.number() });

/** Whether a policy turns away, for this queue, whatever does not come over TLS. */
function isOverTls(template: Template, id: string): boolean {
  return ofType(template, 'AWS::SQS::QueuePolicy').some(([, properties]) => {
    const { Queues, PolicyDocument } = policySchema.parse(properties);
    return (
      Queues.some((queue) => isSame(queue, ref(id))) &&
      PolicyDocument.Statement.some(
        ({ Effect, Principal, Action, Resource, Condition }) =>
          Effect === 'Deny' &&
          Principal === '*' &&
          // The one star among our actions: it takes away, and a list would leave open what AWS adds to it.
          Action === 'sqs:*' &&
          Resource.some((arn) => isSame(arn, attribute(id, 'Arn'))) &&
          isSame(Condition, { Bool: { 'aws:SecureTransport': 'false' } }),
      )
    );
  });
}

/** A work queue: a message comes again after six timeouts of its function, five times, then it is a dead letter. */
function workFaults(template: Template, queue: Queue, mapping: z.infer<typeof mappingSchema>): string[] {
  const worker = arnOwner(mapping.FunctionName) ?? '';
  const { Timeout } = timeoutSchema.parse(template.Resources[worker]?.Properties);
  const deadLetters = arnOwner(queue.RedrivePolicy?.deadLetterTargetArn);
  const checks: [boolean, string][] = [
    [(queue.VisibilityTimeout ?? 30) >= 6 * Timeout, 'shows a message again before six timeouts'],
    [queue.MessageRetentionPeriod === 4 * DAY_SECONDS, 'keeps messages for another time than four days'],
    [queue.RedrivePolicy?.maxReceiveCount === 5, 'does not give up after five receives'],
    [template.Resources[deadLetters ?? '']?.Type === 'AWS::SQS::Queue', 'has no dead letters'],
    [mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'), 'is not answered message by message'],
    [mapping.BatchSize === 1, 'lets one message wait for another'],
    [(mapping.ScalingConfig?.MaximumConcurrency ?? 0) >= 2, 'has no bound of workers'],
  ];
  return checks.filter(([good]) => !good).map(([, fault]) => fault);
}

export function queueFaults(template: Template): string[] {
  const queues = ofType(template, 'AWS::SQS::Queue').map(
    ([id, queue]) => [id, queueSchema.parse(queue)] as const,
  );
  const mappings = ofType(template, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) =>
    mappingSchema.parse(mapping),
  );
  const deadLetters = new Set(
    queues.map(([, { RedrivePolicy }]) => arnOwner(RedrivePolicy?.deadLetterTargetArn)),
  );
  const workers = mappings.reduce(
    (sum, { ScalingConfig }) => sum + (ScalingConfig?.MaximumConcurrency ?? 0),
    0,
  );
  const crowding =
    workers <= FRESH_ACCOUNT_CALLS - LEFT_FOR_OTHERS
      ? []
      : [`${workers} workers leave too little of a new account to callers`];
  const faults = queues.flatMap(([id, queue]) => {
    const mapping = mappings.find(({ EventSourceArn }) => arnOwner(EventSourceArn) === id);
    const faults = [
      ...(queue.SqsManagedSseEnabled === true ? [] : ['is not encrypted']),
      ...(isOverTls(template, id) ? [] : ['can be called in the open']),
    ];
    if (mapping !== undefined) faults.push(...workFaults(template, queue, mapping));
    else if (!deadLetters.has(id))
      faults.push('is of no use: no function takes from it, no queue gives up to it');
    else if (queue.MessageRetentionPeriod !== 14 * DAY_SECONDS)
      faults.push('loses dead letters before fourteen days');
    return faults.map((fault) => `${id} ${fault}`);
  });
  return [...crowding, ...faults];
}
