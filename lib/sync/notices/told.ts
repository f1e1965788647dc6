import type { Notice, NoticesItem } from '../ledger/items/notices-item.ts';
import { DAY_MS } from '../ledger/time.ts';
import { MOST_WAITING, noticeName } from './schedule.ts';

/** What became of one subject, and when. What became of the whole network is told once for each moment. */
export interface News {
  readonly about: string;
  readonly at: number;
}

interface ToldNotice {
  readonly code: string;
  readonly domain?: string | undefined;
  readonly news?: News | undefined;
}

type Told = NoticesItem['told'];

const NEWS_OF = ' news of ';

/** Begins the name of news of the network, whatever their code: the end of a pause is news of the pause. */
const OF_NETWORK = `network${NEWS_OF}`;

/** The name under which the network remembers that it was told. */
function toldName({ news, domain, code }: ToldNotice): string {
  const name = noticeName({ code, domain: domain ?? null });
  if (news === undefined) return name;
  return domain === undefined ? `${OF_NETWORK}${news.about}` : `${name}${NEWS_OF}${news.about}`;
}

function kindOf({ name }: Told[number]): 'network' | 'domain' | 'condition' {
  if (name.startsWith(OF_NETWORK)) return 'network';
  return name.includes(NEWS_OF) ? 'domain' : 'condition';
}

/** A condition of which the network has been told today, or news older than those that it was told. */
export function isTold({ told }: NoticesItem, notice: ToldNotice, now: number): boolean {
  const { news, domain } = notice;
  const known = told.find(({ name }) => name === toldName(notice));
  if (known === undefined) return false;
  if (news === undefined) return now - known.at < DAY_MS;
  return domain === undefined ? known.at >= news.at : known.at > news.at;
}

export function recentlyTold({ told }: NoticesItem, now: number): Told {
  return told.filter(({ at }) => now - at < DAY_MS);
}

/** Without the conditions of which the network is not told after all. News are remembered: what is older is not told either. */
export function withoutTold(told: Told, dropped: readonly Notice[]): Told {
  const names = new Set(dropped.map(noticeName));
  return told.filter(({ name }) => !names.has(name));
}

/** With this notice. A burst of news of domains makes the network forget no condition, and no pause. */
export function withTold(item: NoticesItem, notice: ToldNotice, now: number): Told {
  const entry = { name: toldName(notice), at: notice.news?.at ?? now };
  const all = [...recentlyTold(item, now).filter(({ name }) => name !== entry.name), entry];
  const latest = (kind: ReturnType<typeof kindOf>) =>
    all.filter((it) => kindOf(it) === kind).slice(-MOST_WAITING);
  return [...latest('condition'), ...latest('network'), ...latest('domain')];
}
