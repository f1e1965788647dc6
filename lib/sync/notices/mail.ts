import type { Notice, NoticesItem } from '../ledger/items/notices-item.ts';
import { toInstant } from '../ledger/time.ts';
import { titleOf } from './titles.ts';

export interface Mail {
  /** ASCII, short enough for the lock screen of a phone. */
  readonly subject: string;
  readonly text: string;
}

/** The place of notices that concern every network: no network has this name. */
export const EVERY_NETWORK = '*';

const LONGEST_SUBJECT = 60;

function shortened(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?');
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${ascii.slice(0, LONGEST_SUBJECT - 3)}...`;
}

/** "3 failed, 1 paused": what there is most of comes last, for good news is. */
function countedTitles(notices: readonly Notice[]): string {
  const counts = new Map<string, number>();
  for (const { code } of notices) counts.set(titleOf(code), (counts.get(titleOf(code)) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => a - b)
    .map(([title, count]) => `${count} ${title}`)
    .join(', ');
}

function subjectOf({ network, waiting, lasting, more }: NoticesItem): string {
  const where = network === EVERY_NETWORK ? 'runcloud-relay' : network;
  const [first, ...others] = waiting;
  if (first === undefined && more > 0) return `${where}: ${more} more`;
  if (first === undefined) return `${where}: still ${lasting.map(({ code }) => titleOf(code)).join(', ')}`;
  if (others.length > 0) return `${where}: ${countedTitles(waiting)}`;
  return `${where}: ${first.domain === null ? '' : `${first.domain} `}${titleOf(first.code)}`;
}

function commandOf({ command }: Notice, network: string, target: string): string {
  const where = network === EVERY_NETWORK ? '' : ` --network ${network}`;
  return `Run: npm run relay -- ${command}${where} ${target}`;
}

function linesOf(notice: Notice, network: string, target: string): string {
  const { domain, code, message, fix, command, at } = notice;
  return [
    `${toInstant(at)}  ${domain ?? 'the network'}: ${titleOf(code)}`,
    message,
    ...(fix === null ? [] : [`Fix: ${fix}`]),
    ...(command === null ? [] : [commandOf(notice, network, target)]),
  ].join('\n');
}

/** What a network's reader gets: all that waits, and what still lasts. `target`: the options that name this deployment. */
export function mailOf(item: NoticesItem, target: string): Mail {
  const { network, waiting, lasting, more } = item;
  const isNew = new Set(waiting.map(({ code }) => code));
  const still = lasting.filter(({ code }) => !isNew.has(code));
  const parts = [
    network === EVERY_NETWORK ? `All networks of ${target}` : `Network ${network} of ${target}`,
    ...waiting.map((notice) => linesOf(notice, network, target)),
    ...(more === 0 ? [] : [`And ${more} more: npm run relay -- list --network ${network} ${target}`]),
    ...(still.length === 0 ? [] : ['Still:', ...still.map((notice) => linesOf(notice, network, target))]),
  ];
  return { subject: shortened(subjectOf(item)), text: `${parts.join('\n\n')}\n` };
}
