import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SecretsByNetwork } from './secrets-file.ts';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** How an operator, a quota or an outage changes a call. */
export type SecretsFault =
  | 'throttling'
  | 'access-denied'
  | 'scheduled-for-deletion'
  | 'decryption-failure'
  | 'internal';

export function refusal(type: string, message: string, status = 400): Answer {
  return {
    status,
    body: { __type: type, Message: message },
  };
}

export const faults: Readonly<Record<SecretsFault, Answer>> = {
  throttling: refusal('ThrottlingException', 'Rate exceeded'),
  'access-denied': refusal(
    'AccessDeniedException',
    'Not authorized to perform secretsmanager:GetSecretValue',
  ),
  'scheduled-for-deletion': refusal(
    'InvalidRequestException',
    'The secret was scheduled for deletion and cannot be read',
  ),
  'decryption-failure': refusal(
    'DecryptionFailure',
    'Secrets Manager can not decrypt the protected secret text using the provided KMS key.',
  ),
  internal: refusal('InternalServiceError', 'An internal error occurred', 500),
};

const requestSchema = z.object({
  SecretId: z.string().min(1).max(2048),
  VersionStage: z.string().optional(),
});

function parsed(body: string) {
  try {
    return requestSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** As AWS keeps it: a text, which here is what stands in the file under the network's name. */
function secretText(secret: unknown) {
  return typeof secret === 'string' ? secret : JSON.stringify(secret);
}

/** The answer to one GetSecretValue. `prefix` ends with a slash. */
export function getSecretValue(body: string, prefix: string, secrets: SecretsByNetwork): Answer {
  const request = parsed(body);
  if (request === undefined) return refusal('InvalidParameterException', 'SecretId is missing or not a text');
  const { SecretId: name, VersionStage: stage = 'AWSCURRENT' } = request;
  const network = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  if (!Object.hasOwn(secrets, network)) {
    return refusal('ResourceNotFoundException', 'Secrets Manager can not find the specified secret.');
  }
  if (stage !== 'AWSCURRENT') {
    return refusal('ResourceNotFoundException', `The secret has no version with the stage ${stage}`);
  }
  const text = secretText(secrets[network]);
  const version = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return {
    status: 200,
    body: {
      ARN: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-local1`,
      Name: name,
      SecretString: text,
      VersionId: version,
      VersionStages: ['AWSCURRENT'],
    },
  };
}
