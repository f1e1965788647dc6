import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { z } from 'zod';
import { queueUrlOf } from './calls/deliveries.ts';
import { appId, network, question } from './multisite.ts';
import { deployedWorld, stage, type World } from './world.ts';

/** The domain that most chapters are about. */
export const domain = 'shop.acme-bikes.com';
/** What an operator of the runbook has exported. */
export const shell = { STAGE: stage, NETWORK: network, AWS_REGION: 'eu-west-1' };
/** The same, about a network whose secret is made without the command line. */
export const otherShell = { ...shell, NETWORK: 'by-hand' };

const statusSchema = z.object({
  hosting: z.object({ state: z.string(), reason: z.string().nullable() }),
  certificate: z.object({ state: z.string(), reason: z.string().nullable() }),
});

export type DeployedRelay = ReturnType<typeof deployedRelay>;

/** One relay, deployed before the first test of the block that this is called in. The chapters go through it in their order. */
export function deployedRelay() {
  let deployed: World | undefined;
  let dir = '';

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deploy-test-'));
    deployed = await deployedWorld();
  });

  afterAll(async () => {
    await deployed?.close();
    await rm(dir, { recursive: true });
  });

  const world = (): World => {
    if (deployed === undefined) throw new Error('Nothing is deployed');
    return deployed;
  };
  const nameOf = (key: string) => `runcloud-relay-${stage}-${key}`;
  const sweep = () =>
    world().relay.invoke(nameOf('sweep'), { source: 'aws.events', 'detail-type': 'Scheduled Event' });
  const hosted = (app = appId) =>
    world()
      .internet.runcloud.app(app)
      .domains.map(({ name }) => name);
  const status = async (name: string) => {
    const call = question('GET /{network}/domains/{domain}', `/domains/${name}`);
    return statusSchema.parse(JSON.parse((await world().relay.call(call)).body));
  };

  /** Sweeps and delivers, as a minute of AWS does, until the domain stands there. */
  const comesTo = async (name: string, hosting: string, certificate?: string): Promise<void> => {
    const wanted = {
      hosting: { state: hosting },
      ...(certificate && { certificate: { state: certificate } }),
    };
    for (let tries = 0; tries < 100; tries++) {
      await world().relay.deliver();
      const now = await status(name);
      if (now.hosting.state === hosting && (certificate ?? now.certificate.state) === now.certificate.state)
        return;
      await sweep();
      await wait(1_000);
    }
    expect(await status(name)).toMatchObject(wanted);
  };

  const queueUrl = (id: string): string => {
    const found = world().inventory.queues.find(({ QueueArn }) => QueueArn.includes(`-${id}-`));
    if (found === undefined) throw new Error(`There is no queue ${id}`);
    return queueUrlOf(found.QueueArn);
  };

  const deadLetters = async (id: string) => {
    const { Messages = [] } = await world().sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(id),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body, MessageAttributes }) => ({
      body: Body,
      domain: MessageAttributes?.domain?.StringValue,
      code: MessageAttributes?.code?.StringValue,
    }));
  };

  return {
    get world() {
      return world();
    },
    /** A directory for files of the tests. */
    get dir() {
      return dir;
    },
    nameOf,
    sweep,
    hosted,
    status,
    comesTo,
    queueUrl,
    deadLetters,
  };
}
