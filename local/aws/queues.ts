import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Service } from '../service.ts';
import { type ResourceValues, referredId, resolveValue } from './references.ts';

export interface LocalQueue extends ResourceValues {
  readonly visibilitySeconds: number;
  /** Where a message goes that was received so often; undefined: nowhere. */
  readonly deadLetters: { readonly queue: string; readonly maxReceiveCount: number } | undefined;
}

const propertiesSchema = z.object({
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().default(345_600),
  DelaySeconds: z.number().default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() }).optional(),
});

type Properties = z.infer<typeof propertiesSchema>;

async function create(sqs: SQSClient, name: string, properties: Properties, made: Map<string, LocalQueue>) {
  const { VisibilityTimeout, MessageRetentionPeriod, DelaySeconds, RedrivePolicy: redrive } = properties;
  const answer = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        VisibilityTimeout: String(VisibilityTimeout),
        MessageRetentionPeriod: String(MessageRetentionPeriod),
        DelaySeconds: String(DelaySeconds),
        ...(redrive === undefined
          ? {}
          : {
              RedrivePolicy: JSON.stringify({
                deadLetterTargetArn: resolveValue(redrive.deadLetterTargetArn, made),
                maxReceiveCount: redrive.maxReceiveCount,
              }),
            }),
      },
    }),
  );
  const ref = z.string().parse(answer.QueueUrl);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: ref, AttributeNames: ['QueueArn'] }),
  );
  const deadLetterQueue = referredId(redrive?.deadLetterTargetArn);
  made.set(name, {
    ref,
    arn: z.string().parse(Attributes?.QueueArn),
    visibilitySeconds: VisibilityTimeout,
    deadLetters:
      redrive === undefined || deadLetterQueue === undefined
        ? undefined
        : { queue: deadLetterQueue, maxReceiveCount: redrive.maxReceiveCount },
  });
}

/** Makes the queues of serverless.yml, by logical id; a dead-letter queue before the one that feeds it. */
export async function createQueues(service: Service, sqs: SQSClient): Promise<Map<string, LocalQueue>> {
  const open = new Map(
    Object.entries(service.resources.Resources)
      .filter(([, { Type }]) => Type === 'AWS::SQS::Queue')
      .map(([id, { Properties }]) => [id, propertiesSchema.parse(Properties)]),
  );
  const made = new Map<string, LocalQueue>();
  while (open.size > 0) {
    const ready = [...open].filter(([, { RedrivePolicy: redrive }]) => {
      const deadLetters = redrive === undefined ? undefined : referredId(redrive.deadLetterTargetArn);
      return deadLetters === undefined || !open.has(deadLetters);
    });
    if (ready.length === 0) throw new Error('The queues of serverless.yml redrive in a circle');
    await Promise.all(ready.map(([id, properties]) => create(sqs, id, properties, made)));
    for (const [id] of ready) open.delete(id);
  }
  return made;
}
