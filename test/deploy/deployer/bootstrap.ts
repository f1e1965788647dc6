import { join } from 'node:path';
import { z } from 'zod';
import { openAccount, region, statementSchema } from '../emulator/account.ts';
import type { Tools } from '../emulator/tools.ts';
import { run } from '../run.ts';
import { commandsOf, typeIn } from '../runbook.ts';

const policiesSchema = z.object({
  /** All that the role allows. */
  policy: z.array(statementSchema),
  /** Characters of each managed policy in it. */
  sizes: z.array(z.number()),
  /** The most that a role of the stage may do. */
  boundary: z.array(statementSchema),
});

/** Who may deploy a stage. */
export interface Deployer extends z.infer<typeof policiesSchema> {
  readonly boundaryArn: string;
}

const outputsSchema = z.object({
  Stacks: z.tuple([
    z.object({ Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })) }),
  ]),
});

/** Makes the deployer as docs/pipeline.md says. In an account of its own: the emulator cannot take it away again. */
export async function bootstrap(tools: Tools, settings: Readonly<Record<string, string>>): Promise<Deployer> {
  await using closing = new AsyncDisposableStack();
  const account = await openAccount(tools);
  closing.defer(() => account.close());
  const [create = ''] = await commandsOf('pipeline.md', 'The role that deploys');
  const world = { tools, account };
  const shell = { AWS_REGION: region, ...settings };
  await typeIn(create, world, shell);
  const name = `relay-deployer-${settings.STAGE}`;
  const described = await typeIn(`aws cloudformation describe-stacks --stack-name ${name}`, world, shell);
  const [{ Outputs }] = outputsSchema.parse(JSON.parse(described)).Stacks;
  const boundaryArn = Outputs.find(({ OutputKey }) => OutputKey === 'RolesBoundaryArn')?.OutputValue ?? '';
  const env = { PATH: process.env.PATH, ...account.environment };
  const script = join(import.meta.dirname, 'policies.py');
  const policies = await run(tools.python, [script, name, boundaryArn], { env });
  return { boundaryArn, ...policiesSchema.parse(JSON.parse(policies)) };
}
