import { z } from 'zod';

/** The error AWS answers where fauxqs lets a call through. */
export interface SqsRefusal {
  readonly code: string;
  readonly message: string;
}

const maxDelaySeconds = 900;
const maxBatchEntries = 10;
const maxBatchBytes = 1024 * 1024;
const maxGroupIdLength = 128;
/** What SQS takes as a group: letters, digits and ASCII punctuation. */
const groupIdPattern = /^[\x21-\x7e]+$/;

const attributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

const messageSchema = z.object({
  MessageBody: z.string().optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).optional(),
  DelaySeconds: z.number().optional(),
  MessageGroupId: z.string().optional(),
});

const batchSchema = z.object({ Entries: z.array(messageSchema).default([]) });

type Message = z.infer<typeof messageSchema>;

function refusedDelay({ DelaySeconds: delay }: Message): SqsRefusal | undefined {
  return delay === undefined || (delay >= 0 && delay <= maxDelaySeconds)
    ? undefined
    : {
        code: 'InvalidParameterValue',
        message: `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`,
      };
}

function refusedGroup({ MessageGroupId: group }: Message): SqsRefusal | undefined {
  return group === undefined || (group.length <= maxGroupIdLength && groupIdPattern.test(group))
    ? undefined
    : {
        code: 'InvalidParameterValue',
        message: `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to ${maxGroupIdLength} in length.`,
      };
}

function refusedMessage(message: Message) {
  return refusedDelay(message) ?? refusedGroup(message);
}

/** As SQS counts: the body, and name, type and value of every attribute. */
function bytesOf({ MessageBody = '', MessageAttributes = {} }: Message): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(MessageBody),
  );
}

/** Refused as a whole. A fault of one entry of a batch is listed in `Failed`: see `refusedEntries`. */
export function refusedCall(action: string, body: unknown): SqsRefusal | undefined {
  if (action === 'SendMessage') return refusedMessage(messageSchema.parse(body));
  if (action !== 'SendMessageBatch') return undefined;
  const { Entries: entries } = batchSchema.parse(body);
  if (entries.length > maxBatchEntries) {
    return {
      code: 'TooManyEntriesInBatchRequest',
      message: `Maximum number of entries per request are ${maxBatchEntries}. You have sent ${entries.length}.`,
    };
  }
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  return bytes > maxBatchBytes
    ? {
        code: 'BatchRequestTooLong',
        message: `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`,
      }
    : undefined;
}

const identifiedSchema = messageSchema.extend({ Id: z.string() });

/** The entries of a batch that SQS fails one by one while it takes the others. */
export function refusedEntries(body: unknown): (SqsRefusal & { readonly id: string })[] {
  return z
    .object({ Entries: z.array(identifiedSchema) })
    .parse(body)
    .Entries.flatMap((entry) => {
      const refusal = refusedMessage(entry);
      return refusal === undefined ? [] : [{ id: entry.Id, ...refusal }];
    });
}
