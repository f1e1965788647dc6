import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { DeadLetterOptions } from '../options.ts';

function filtered(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--domain <name>', 'only those of this domain')
    .option('--code <code>', 'only those with this code');
}

/** One that changes something names what it changes. */
function choosing(name: string, description: string): Command {
  return filtered(name, `${description} Choose with --domain, --code, --network or --all.`).option(
    '--all',
    'every dead letter',
  );
}

export function deadLettersCommand(io: Io): Command {
  const list = filtered('list', 'Lists dead letters, the oldest failure first.').action(
    async (_options, command: Command) => {
      const { listDeadLetters } = await import('../actions/dead-letters/list.ts');
      await listDeadLetters(command.optsWithGlobals<DeadLetterOptions>(), io);
    },
  );
  const show = filtered('show', 'Shows dead letters in full, and what to do.').action(
    async (_options, command: Command) => {
      const { showDeadLetters } = await import('../actions/dead-letters/show.ts');
      await showDeadLetters(command.optsWithGlobals<DeadLetterOptions>(), io);
    },
  );
  const retry = choosing(
    'retry',
    'Gives the work of dead letters one more try, and leaves the others.',
  ).action(async (_options, command: Command) => {
    const { retryDeadLetters } = await import('../actions/dead-letters/retry.ts');
    await retryDeadLetters(command.optsWithGlobals<DeadLetterOptions>(), io);
  });
  const drop = choosing('drop', 'Deletes dead letters, after a question. Their work stays failed.').action(
    async (_options, command: Command) => {
      const { dropDeadLetters } = await import('../actions/dead-letters/drop.ts');
      await dropDeadLetters(command.optsWithGlobals<DeadLetterOptions>(), io);
    },
  );
  const group = new Command('dead-letters').description('Shows, retries and deletes what the relay gave up.');
  for (const command of [list, show, retry, drop]) group.addCommand(command);
  return group;
}
