import { setTimeout as wait } from 'node:timers/promises';
import { signatureHeaders } from '../support/api/sign.ts';
import type { SoakUpdate } from './updates.ts';

interface Options {
  readonly url: string;
  readonly secretOf: (network: string) => string;
  readonly senders: number;
  /** Called with the number of updates confirmed so far; no update is sent before the returned promise resolves. */
  readonly onSent: (sent: number) => Promise<unknown> | undefined;
}

const patience = 60;

/** Sends an update until it is confirmed, as the multisite does. Returns how often it was not. */
async function tell(update: SoakUpdate, { url, secretOf }: Options): Promise<number> {
  const { network, domain, wanted, timestamp, id } = update;
  const api = wanted === 'present' ? 'added' : 'removed';
  const body = JSON.stringify({ type: `domain.${api}`, timestamp, data: { domain, www: false } });
  for (let tries = 0; tries < patience; tries += 1) {
    const signed = signatureHeaders(body, { secrets: [secretOf(network)], id, nowMs: Date.now() });
    const answer = await fetch(`${url}/${network}/domain-${api}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
    });
    await answer.text();
    if (answer.status === 202) return tries;
    if (answer.status < 500) throw new Error(`A good update of ${domain} was answered ${answer.status}`);
    await wait(250);
  }
  throw new Error(`No update of ${domain} was confirmed in ${patience} tries`);
}

/** Several senders at once, each taking the next update. Returns how often an update had to be sent again. */
export async function send(updates: readonly SoakUpdate[], options: Options): Promise<number> {
  let next = 0;
  let sent = 0;
  let again = 0;
  let mayGoOn: Promise<unknown> | undefined;
  const sender = async () => {
    for (let update = updates[next++]; update !== undefined; update = updates[next++]) {
      await mayGoOn;
      again += await tell(update, options);
      sent += 1;
      mayGoOn = options.onSent(sent) ?? mayGoOn;
    }
  };
  await Promise.all(Array.from({ length: options.senders }, sender));
  await mayGoOn;
  return again;
}
