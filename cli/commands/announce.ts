import { Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from '../io.ts';
import type { AddOptions, SslRetryOptions, WaitOptions } from '../options.ts';

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Ten minutes: RunCloud's own orders take one or two. */
const WAIT_SECONDS = 600;
/** The usual grace period of a removal is 15 minutes. */
const REMOVAL_WAIT_SECONDS = 1_200;

function announcing(name: string, description: string, waitSeconds = WAIT_SECONDS): Command {
  return new Command(name)
    .description(description)
    .argument('<domain...>', 'host names')
    .option('--wait', 'wait until nothing is left to do, or a person has to act')
    .option('--timeout <seconds>', 'how long to wait', wholeNumber, waitSeconds);
}

export function addCommand(io: Io): Command {
  return announcing('add', 'Announces domains as the multisite does: the relay adds them to RunCloud.')
    .option('--www', 'serve www. too (default: of a registrable domain)')
    .option('--no-www', 'do not serve www.')
    .option('--native', 'a subdomain of the network itself, which a wildcard may cover')
    .option('--site-id <id>', 'id of the site, for reference', wholeNumber)
    .option('--domain-id <id>', 'id of the mapping, for reference', wholeNumber)
    .action(async (domains: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const { announce } = await import('../actions/announce/announce.ts');
      await announce('domain.added', domains, options, io);
    });
}

export function removeCommand(io: Io): Command {
  return announcing(
    'remove',
    'Announces that domains are gone: the relay removes them from RunCloud.',
    REMOVAL_WAIT_SECONDS,
  ).action(async (domains: string[], _options, command: Command) => {
    const options = command.optsWithGlobals<WaitOptions>();
    const { announce } = await import('../actions/announce/announce.ts');
    await announce('domain.removed', domains, options, io);
  });
}

export function sslRetryCommand(io: Io): Command {
  return announcing('ssl-retry', 'Asks for the certificates of domains now.')
    .addOption(
      new Option('--reason <reason>', 'why').choices(['dns_ready', 'ssl_failed', 'manual']).default('manual'),
    )
    .action(async (domains: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<SslRetryOptions>();
      const { announce } = await import('../actions/announce/announce.ts');
      await announce('domain.ssl_retry', domains, options, io);
    });
}
