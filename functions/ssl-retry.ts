import { certificateWaits } from '../lib/certificates/waits.ts';
import { Unavailable } from '../lib/errors.ts';
import { hearRetry } from '../lib/sync/hear.ts';
import { gatheredHint } from '../lib/sync/wish.ts';
import { parseEvent } from '../lib/webhook/event.ts';
import { door, type Receive } from './door.ts';
import { confirm, toWord } from './door-answer.ts';
import { refuseProtected, signedEntry } from './door-entry.ts';
import type { RetryServices } from './door-services.ts';
import { underId } from './problem.ts';
import { retryServices } from './services.ts';

/** Hears that a certificate is wanted now. */
export const receive: Receive<RetryServices> = async (event, services) => {
  const now = services.clock.now();
  const { network, webhookId, body, settings } = await signedEntry(event, services, now);
  return underId(webhookId, async () => {
    const word = toWord(network, webhookId, parseEvent(body, 'domain.ssl_retry', now));
    refuseProtected(word.domain, settings);
    const verdict = await hearRetry(services.ledger, word, {
      now,
      baseMs: services.certificateBaseMs,
      domainBaseMs: services.domainBaseMs,
    });
    if (verdict.status !== 'superseded') {
      const { gatherMs } = certificateWaits(services.certificateBaseMs);
      const left = await services.certificateQueue.send([gatheredHint(network, gatherMs)]);
      if (left.length > 0) throw new Unavailable('queue');
    }
    return confirm(event, word, verdict, services);
  });
};

export const handler = door(receive, retryServices);
