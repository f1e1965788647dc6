import { CommandFailed } from '../../errors.ts';

const nextSteps: readonly (readonly [RegExp, string])[] = [
  [
    /^(CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature)/,
    'set AWS credentials, for instance AWS_PROFILE',
  ],
  [/^AccessDenied/, 'use AWS credentials that may read it'],
  [
    /^InvalidRequest/,
    'a removed network waits 30 days for its deletion: restore its secret with aws secretsmanager restore-secret, or take another name',
  ],
  [/^(ValidationError|ResourceNotFound)/, 'check --stage, --region and --network'],
];

/** Why AWS did not answer with `what`, by the name of the SDK's error: its message may hold more than we want to show. */
export function awsFailure(error: unknown, what: string): CommandFailed {
  const name = error instanceof Error ? error.name : 'unknown';
  const isWithoutRegion = error instanceof Error && /region (is missing|not accepted)/i.test(error.message);
  if (isWithoutRegion)
    return new CommandFailed('The AWS region is not known: add --region or set AWS_REGION.');
  const step = nextSteps.find(([pattern]) => pattern.test(name))?.[1] ?? 'check the network and try again';
  return new CommandFailed(`AWS did not answer with ${what} (${name}): ${step}.`, { cause: error });
}
