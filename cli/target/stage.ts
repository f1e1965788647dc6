import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CommandFailed } from '../errors.ts';
import { networkSecret, secretNames } from './secrets/stage-secrets.ts';
import type { Aws } from './services/aws.ts';
import { awsFailure } from './services/aws-failure.ts';
import type { Target } from './target.ts';

const SERVICE = 'runcloud-relay';

type Outputs = ReadonlyMap<string, string>;

async function outputsOf(stage: string, client: Aws['client']): Promise<Outputs> {
  const cloudFormation = new CloudFormationClient(client('cloudformation'));
  try {
    const { Stacks } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: `${SERVICE}-${stage}` }),
    );
    return new Map(
      (Stacks?.[0]?.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
        OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
      ),
    );
  } catch (error) {
    throw awsFailure(error, `the stack ${SERVICE}-${stage}`);
  } finally {
    cloudFormation.destroy();
  }
}

/** A deployed relay, found by its stack; its secrets are read from Secrets Manager. */
export async function stageTarget(
  stage: string,
  askedRegion: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  // Without any, the SDK asks the profile.
  const region = askedRegion || env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined;
  const client = () => (region === undefined ? {} : { region });
  const outputs = await outputsOf(stage, client);
  const aws: Aws = {
    secretPrefix: `${SERVICE}/${stage}/`,
    alarmPrefix: `${SERVICE}-${stage}-`,
    logGroupPrefix: `/aws/lambda/${SERVICE}-${stage}-`,
    surroundings: env,
    client,
    hasOutput: (key) => outputs.has(key),
    output: (key) => {
      const value = outputs.get(key);
      if (value !== undefined) return value;
      throw new CommandFailed(
        `The stack ${SERVICE}-${stage} has no output ${key}: deploy this version of the relay.`,
      );
    },
  };
  return {
    label: `stage ${stage}`,
    // Beside a custom domain the name from AWS is closed, though osls still tells it.
    url: (outputs.get('DomainNameUrl') ?? aws.output('HttpApiUrl')).replace(/\/+$/, ''),
    isAddressOnly: false,
    networks: () => secretNames(aws),
    credentials: (network) => networkSecret(network, aws),
    aws: async () => aws,
  };
}
