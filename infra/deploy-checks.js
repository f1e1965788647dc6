import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { lossesOf } from './losses.js';
import { settingFaults } from './settings.js';

/** Commands that ask nothing of AWS. */
const offline = ['package', 'print', 'offline', 'offline start'];

/** The running stack's parameters by name, or undefined before its first deploy. */
async function runningParameters(provider) {
  const client = new CloudFormationClient(await provider.getAwsSdkV3Config());
  try {
    const StackName = provider.naming.getStackName();
    const { Stacks: [{ Parameters = [] } = {}] = [] } = await client.send(
      new DescribeStacksCommand({ StackName }),
    );
    return Object.fromEntries(
      Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
  } catch (error) {
    if (error.name === 'ValidationError' && error.message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** The plugin of serverless.yml that stops a deploy which would do what its operator does not mean. */
export default class DeployChecks {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.region = options.region || process.env.AWS_REGION || undefined;
    // Comes before provider.region: osls would choose us-east-1 where that is missing, and `deploy --package` restores the
    // one that was packaged.
    serverless.config.region = this.region ?? 'no region';
    this.hooks = {
      initialize: () => this.requireRegion(),
      'before:package:initialize': () => this.checkSettings(),
      'before:aws:deploy:deploy:createStack': () => this.refuseLosses(),
    };
  }

  stopFor(faults) {
    if (faults.length === 0) return;
    throw new this.serverless.classes.Error(faults.join('\n'), 'DEPLOY_CHECKS');
  }

  requireRegion() {
    const command = this.serverless.processedInput.commands.join(' ');
    if (this.region !== undefined || offline.includes(command)) return;
    this.stopFor(['The AWS region is not known: add --region or set AWS_REGION.']);
  }

  checkSettings() {
    this.stopFor(settingFaults(this.serverless.service.custom.settings, this.region));
  }

  /** The packaged template counts, which `deploy --package` may have taken from another machine. */
  async refuseLosses() {
    const { service } = this.serverless;
    const provider = this.serverless.getProvider('aws');
    const running = await runningParameters(provider);
    if (running === undefined) return;
    const { Parameters = {} } = service.provider.compiledCloudFormationTemplate;
    const next = Object.fromEntries(Object.entries(Parameters).map(([name, { Default }]) => [name, Default]));
    this.stopFor(lossesOf(running, next, provider.getStage()));
  }
}
