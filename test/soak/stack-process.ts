import { z } from 'zod';
import { awsEnvironment } from '../../local/aws/clients.ts';
import { resolveFunctions } from '../../local/gateway/instances/functions.ts';
import type { WorkspaceSeed } from '../../local/runcloud/state/seed.ts';
import { allApps } from '../../local/runcloud/state/state.ts';
import { readService } from '../../local/service.ts';
import { startStack } from '../../local/stack.ts';
import { seededRandom } from '../simulator/chance/random.ts';
import { type FromStack, stackSettingsSchema, toStackSchema } from './stack-messages.ts';
import { brew, callsPerMinute } from './weather.ts';

/** The one-machine stack in a process of its own, as npm start runs it: what it weighs is the stack alone. */
const settings = stackSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const { secretsFile, retryBaseSeconds, certificateRetryBaseSeconds, faultyCalls, seed } = settings;
const workspaces = z
  .array(z.custom<WorkspaceSeed>((one) => typeof one === 'object'))
  .parse(settings.workspaces);

function tell(message: FromStack) {
  return process.send?.(message);
}

const stack = await startStack({
  port: 0,
  secretsFile,
  retryBaseSeconds,
  certificateRetryBaseSeconds,
  sweepEveryMs: 250,
  runcloud: { workspaces, switches: { callsPerMinute }, remembers: 1_000 },
  // Few are of use to the parent process, which has to read them all.
  onLine: (line) => {
    if (/"domain (reconciled|given up)"|"level":"ERROR"/.test(line)) tell({ kind: 'line', line });
  },
  onError: (line) => tell({ kind: 'line', line }),
});
const { runcloud, queues, endpoints, region } = stack;
const queue = queues.get('DomainQueue');
if (runcloud === undefined || queue === undefined) throw new Error('The stack is not whole');

const functions = resolveFunctions(await readService(), stack.resources, {
  ...stack.internet?.environment,
  RUNCLOUD_URL: runcloud.url,
  RETRY_BASE_SECONDS: String(retryBaseSeconds),
  CERTIFICATE_RETRY_BASE_SECONDS: String(certificateRetryBaseSeconds),
});
tell({
  kind: 'ready',
  url: stack.url,
  region,
  sqs: endpoints.sqs,
  dynamo: endpoints.dynamo,
  table: stack.resources.get('LedgerTable')?.ref ?? '',
  queue,
  workerEnvironment: { ...awsEnvironment(region, endpoints), ...functions['sync-domain']?.environment },
  faults: brew(runcloud, faultyCalls, seededRandom(seed)),
});

process.on('message', async (message: unknown) => {
  const { ask } = toStackSchema.parse(message);
  if (ask === 'weigh') {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    tell({ kind: 'weighed', keptBytes: heapUsed + arrayBuffers, rssBytes: rss });
    return;
  }
  // Whatever was put off and has not happened yet happens now.
  await runcloud.land();
  tell({
    kind: 'ended',
    calls: runcloud.received(),
    hosted: allApps(runcloud).map(({ id, domains }) => ({
      appId: id,
      names: domains.map(({ name }) => name),
    })),
  });
});
// The parent process has gone.
process.on('disconnect', () => process.exit());
