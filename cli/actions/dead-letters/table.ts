import { table } from '../../output/table.ts';
import { toSecond } from '../../output/times.ts';
import { NO_CODE, type QueuedDeadLetter } from './dead-letter.ts';

const NO_DOMAIN = '(all)';

/** Dead letters as rows. One without a domain is about all certificates of its network. */
export function deadLetterTable(deadLetters: readonly QueuedDeadLetter[]): string {
  const rows = deadLetters.map(({ queue, network, domain, code, lastFailure }) => [
    domain ?? NO_DOMAIN,
    network ?? '?',
    queue,
    code ?? NO_CODE,
    lastFailure === null ? '' : toSecond(lastFailure),
  ]);
  return table(['DOMAIN', 'NETWORK', 'QUEUE', 'CODE', 'LAST FAILURE'], rows);
}
