import type { Io } from '../../io.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { type Paint, painter } from '../../output/colours.ts';
import { printJson } from '../../output/json.ts';
import { toSecond } from '../../output/times.ts';
import { choiceOf } from './choice.ts';
import { NO_CODE, type QueuedDeadLetter } from './dead-letter.ts';
import { withDeadLetterQueues } from './queues.ts';
import { readChosen } from './read-all.ts';

const withoutCode =
  'the queue delivered this message five times, and no pass ended it: relay logs shows the error';

function nextStep({ network, domain, code }: QueuedDeadLetter): string {
  const filters = [
    ...(network === null ? [] : [`--network ${network}`]),
    ...(domain === null ? [] : [`--domain ${domain}`]),
  ];
  const which = filters.length > 0 ? filters.join(' ') : '--all';
  return `${code === null ? 'fix the error' : 'fix the cause'}, then relay dead-letters retry ${which}`;
}

function view(deadLetter: QueuedDeadLetter, paint: Paint): string {
  const { queue, network, domain, code, reason, firstFailure, lastFailure, id, body } = deadLetter;
  const lines = [
    ['domain', `${paint('bold', domain ?? 'all')} (${network ?? 'no network'}), queue of ${queue}s`],
    ['failure', `${paint('red', code ?? NO_CODE)}: ${reason ?? withoutCode}`],
    ['first', firstFailure === null ? 'unknown' : toSecond(firstFailure)],
    ['last', lastFailure === null ? 'unknown' : toSecond(lastFailure)],
    ['what to do', nextStep(deadLetter)],
    ['message', `${id} ${body}`],
  ];
  return lines.map(([label = '', text]) => `${paint('dim', label.padEnd(12))}${text}`).join('\n');
}

/** Prints all that chosen dead letters hold. */
export async function showDeadLetters(options: DeadLetterOptions, io: Io): Promise<void> {
  const choice = choiceOf(options);
  const deadLetters = await withDeadLetterQueues(options, io, (queues) => readChosen(queues, choice, io));
  const paint = painter(io.stdout, io.env);
  if (options.json) printJson(io, { deadLetters });
  else io.stdout.write(`${deadLetters.map((deadLetter) => view(deadLetter, paint)).join('\n\n')}\n`);
}
