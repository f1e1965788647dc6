import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { findTarget } from '../../target/find-target.ts';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';
import type { QueueKind } from './dead-letter.ts';

export interface DeadLetterQueue {
  readonly kind: QueueKind;
  readonly sqs: SQSClient;
  readonly url: string;
  /** Where the work of its dead letters is tried again. */
  readonly workUrl: string;
}

const outputs: Readonly<Record<QueueKind, readonly [string, string]>> = {
  domain: ['DomainDeadLettersUrl', 'DomainQueueUrl'],
  certificate: ['CertificateDeadLettersUrl', 'CertificateQueueUrl'],
  outcome: ['OutcomeDeadLettersUrl', 'OutcomeQueueUrl'],
};

const kinds: readonly QueueKind[] = ['domain', 'certificate', 'outcome'];

function queuesOf({ hasOutput, output }: Aws, sqs: SQSClient): DeadLetterQueue[] {
  return kinds.flatMap((kind) => {
    const [dead, work] = outputs[kind];
    return hasOutput(dead) ? [{ kind, sqs, url: output(dead), workUrl: output(work) }] : [];
  });
}

/** Runs with the relay's queues of dead letters. */
export async function withDeadLetterQueues<T>(
  options: GlobalOptions,
  io: Pick<Io, 'env'>,
  run: (queues: readonly DeadLetterQueue[]) => Promise<T>,
): Promise<T> {
  const target = await findTarget(options, io);
  const aws = await target.aws();
  // By default the SDK sends to the host in a queue's URL, whatever endpoint is set.
  const sqs = new SQSClient({ ...aws.client('sqs'), useQueueUrlAsEndpoint: false });
  try {
    return await run(queuesOf(aws, sqs));
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw awsFailure(error, 'the dead letters');
  } finally {
    sqs.destroy();
  }
}
