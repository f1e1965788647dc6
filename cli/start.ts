import { interruption } from './interruption.ts';
import { runCli } from './run-cli.ts';
import { sleepUntil } from './sleep.ts';

const { stdout, stderr, stdin, env } = process;

// A reader that has seen enough (`| head`) closes the pipe; that is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// What is told on the way is not the work, which goes on where no one reads it.
stderr.on('error', () => {});

const interrupted = interruption(process);
const { signal, interrupt } = interrupted;
process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  stdin,
  env,
  signal,
  interrupt,
  now: Date.now,
  sleep: (ms) => sleepUntil(ms, signal),
});
await interrupted.end([stdout, stderr]);
