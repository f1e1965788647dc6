import type { PauseMoment } from '../ledger/items/outcome-item.ts';
import type { OwedOutcome } from '../ledger/items/work-item.ts';
import { fixOf } from '../notices/fixes.ts';
import type { NewNotice } from '../notices/record.ts';

/** What a state that a customer waits for means to people. */
const goodNews: Readonly<Record<string, string>> = {
  'hosting present': 'The web application serves it',
  'hosting absent': 'It is removed from the web application',
  'certificate valid': 'It has its certificate',
};

/** A removal that is never followed: its pass has recorded a notice of its own. */
const refusedRemovals: ReadonlySet<string> = new Set(['protected-domain', 'primary-domain']);

function failureOf(domain: string, { about, message, reason, fix }: OwedOutcome): NewNotice {
  const why = message ?? reason ?? 'It was given up';
  return {
    code: about === 'hosting' ? 'domain-failed' : 'certificate-failed',
    domain,
    message: about === 'hosting' ? why : `No certificate: ${why}`,
    ...(fix === null ? {} : { fix }),
    command: `dead-letters retry --domain ${domain}`,
  };
}

/** The notice of an outcome. Undefined: it concerns the multisite alone, which asked. */
export function noticeOfOutcome(domain: string, owed: OwedOutcome): NewNotice | undefined {
  if (owed.type === 'domain.failed') return failureOf(domain, owed);
  if (owed.reason !== null && refusedRemovals.has(owed.reason)) return undefined;
  const message = goodNews[`${owed.about} ${owed.state}`];
  if (message === undefined) return undefined;
  const { about, at } = owed;
  return { code: 'domain-settled', domain, message, news: { about, at } };
}

export function noticeOfPause({ type, at, code, message, since }: PauseMoment): NewNotice {
  const news = { about: 'pause', at };
  if (type === 'network.resumed') {
    const why = code === 'ledger-restored' ? 'An operator has resumed it' : 'RunCloud answers again';
    const text = `${why}; the network was paused since ${since} (${code})`;
    return { code: 'network-resumed', message: text, ends: 'network-paused', news };
  }
  const text = `Paused (${code}): ${message}`;
  return { code: 'network-paused', message: text, fix: fixOf(code), command: 'doctor', lasts: true, news };
}
