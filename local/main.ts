import { join } from 'node:path';
import { announce } from './announce.ts';
import { type Networks, readNetworks } from './aws/secrets-manager/networks.ts';
import { SecretsFileFaulty } from './aws/secrets-manager/secrets-file.ts';
import { readEvents } from './demo/events.ts';
import { namesIn } from './demo/names.ts';
import { play } from './demo/play.ts';
import { readEnvironment, type StackEnvironment } from './environment.ts';
import { Fault } from './fault.ts';
import { isWorthShowing } from './gateway/instances/function-log.ts';
import { PortTaken } from './gateway/start-gateway.ts';
import { runcloudFor } from './runcloud/state/runcloud-for.ts';
import { projectDir } from './service.ts';
import { type Stack, startStack } from './stack.ts';
import { stopSignal } from './stop-signal.ts';

function say(line: string) {
  return process.stdout.write(`${line}\n`);
}
function complain(line: string) {
  return process.stderr.write(`${line}\n`);
}

function start(environment: StackEnvironment, { usable }: Networks): Promise<Stack> {
  return startStack({
    port: environment.port,
    secretsFile: environment.secretsFile,
    runcloud:
      environment.runcloudUrl === undefined
        ? {
            workspaces: runcloudFor(usable.values()),
            // A certificate takes RunCloud half a minute; on one machine that is too long to wait.
            switches: { callsPerMinute: environment.callsPerMinute, sslIssueMs: 1_000 },
            // It serves for days.
            remembers: 1_000,
          }
        : { url: environment.runcloudUrl },
    retryBaseSeconds: environment.retryBaseSeconds,
    certificateRetryBaseSeconds: environment.certificateRetryBaseSeconds,
    environment: environment.passedOn,
    stateDir: environment.stateDir,
    onLine: (line) => {
      if (isWorthShowing(line, environment.showsLog)) complain(line);
    },
    onError: complain,
    onFaultySecrets: complain,
    onMail: ({ subject }) => complain(`Notice by mail: ${subject}`),
  });
}

async function demo(stack: Stack, environment: StackEnvironment, networks: Networks, signal: AbortSignal) {
  return play(stack, {
    events: await readEvents(join(projectDir, 'events')),
    networks: networks.usable,
    names: namesIn(networks.usable, { ours: stack.runcloud, url: environment.runcloudUrl ?? '' }),
    show: say,
    // Plenty for events that go well; a RunCloud that never recovers is reported within a minute. With --once a script judges
    // by the end, and a busy machine is no bad one.
    patienceMs: environment.once ? 600_000 : 45_000,
    signal,
  });
}

/** Brings the relay up, plays the demo, and serves until it is stopped. Returns the exit code. */
async function main(): Promise<number> {
  const stop = stopSignal();
  const environment = readEnvironment(process.env, process.argv.slice(2));
  const networks = readNetworks(environment.secretsFile);
  for (const fault of networks.faults) complain(fault);
  const stack = await start(environment, networks);
  const withdraw = await announce(stack);
  try {
    for (const fault of environment.runcloudFaults) stack.runcloud?.arm(fault);
    say(`Relay ready on ${stack.url}`);
    if (environment.demo && !stop.signal.aborted) {
      const good = await demo(stack, environment, networks, stop.signal);
      if (environment.once) return good ? 0 : 1;
    }
    await stop.asked;
    return 0;
  } finally {
    await withdraw();
    await stack.close();
  }
}

function isForItsReader(error: unknown): error is Error {
  return error instanceof Fault || error instanceof PortTaken || error instanceof SecretsFileFaulty;
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(isForItsReader(error) ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
// Whatever a library has left open must not keep the terminal.
process.exit();
