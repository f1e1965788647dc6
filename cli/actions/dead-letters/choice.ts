import { isNetworkName } from '../../../lib/network-name.ts';
import { checkedDomain } from '../../domain-name.ts';
import { BadUsage } from '../../errors.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { NO_CODE, type QueuedDeadLetter } from './dead-letter.ts';

/** Which dead letters a command is about. */
export type Choice = (deadLetter: QueuedDeadLetter) => boolean;

/** All, if the options name none. */
export function choiceOf({ domain: rawDomain, code, network }: DeadLetterOptions): Choice {
  const domain = rawDomain === undefined ? undefined : checkedDomain(rawDomain, '--domain');
  if (network !== undefined && !isNetworkName(network)) {
    throw new BadUsage('--network must be 1 to 32 lower case letters, digits or hyphens.');
  }
  return (deadLetter) =>
    (domain === undefined || deadLetter.domain === domain) &&
    (code === undefined || (deadLetter.code ?? NO_CODE) === code) &&
    (network === undefined || deadLetter.network === network);
}

/** What changes dead letters says which. */
export function namedChoiceOf(options: DeadLetterOptions): Choice {
  const { domain, code, network, all } = options;
  const isNamed = [domain, code, network].some((value) => value !== undefined);
  if (!isNamed && !all) throw new BadUsage('Say which dead letters: --domain, --code, --network or --all.');
  if (isNamed && all) throw new BadUsage('--all excludes --domain, --code and --network.');
  return choiceOf(options);
}
