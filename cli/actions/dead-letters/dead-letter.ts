import type { Message } from '@aws-sdk/client-sqs';
import { z } from 'zod';

/** Shown, and chosen with --code, where a dead letter has no code. */
export const NO_CODE = 'no-outcome';

export type QueueKind = 'domain' | 'certificate' | 'outcome';

/** What the relay gave up. `code` is null where it did not write the dead letter: SQS moved a message that nothing could end. */
export interface QueuedDeadLetter {
  /** The same in every copy: a dead letter may be sent twice. */
  readonly id: string;
  readonly queue: QueueKind;
  readonly network: string | null;
  readonly domain: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly firstFailure: string | null;
  readonly lastFailure: string | null;
  readonly body: string;
}

const bodySchema = z.looseObject({ network: z.string().optional(), domain: z.string().optional() });

function addressIn(body: string): z.infer<typeof bodySchema> {
  try {
    return bodySchema.parse(JSON.parse(body));
  } catch {
    // Written by hand: it is shown as it is, and may be dropped.
    return {};
  }
}

export function toDeadLetter(queue: QueueKind, message: Message): QueuedDeadLetter {
  const { MessageId: messageId = '', Body: body = '', MessageAttributes = {}, Attributes = {} } = message;
  const attribute = (name: string) => MessageAttributes[name]?.StringValue ?? null;
  const address = addressIn(body);
  const sentAt = Number(Attributes.SentTimestamp ?? Number.NaN);
  return {
    id: attribute('id') ?? messageId,
    queue,
    network: attribute('network') ?? address.network ?? null,
    domain: attribute('domain') ?? address.domain ?? null,
    code: attribute('code'),
    reason: attribute('reason'),
    firstFailure: attribute('first-failure'),
    lastFailure:
      attribute('last-failure') ?? (Number.isFinite(sentAt) ? new Date(sentAt).toISOString() : null),
    body,
  };
}
