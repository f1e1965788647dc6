import { DNS_AT_ONCE } from '../../lib/certificates/checks/check-certificate.ts';
import { type CountedWorker, startCountedWorker } from '../../test/support/sync/counted-worker.ts';
import { unitCounter } from '../aws/units.ts';
import { acceptedEvent } from './accepted-event.ts';
import { assumed } from './assumed.ts';
import type { Work } from './bill.ts';

const SECOND_MS = 1_000;
/** Until the message for a new request arrives, and until an order is first checked. */
const BATCH_MS = 25 * SECOND_MS;
const CHECK_MS = 31 * SECOND_MS;

/** What happens to a domain from its event to its certificate, each as what it asks of AWS. */
export interface LifeOfAnAdd {
  readonly accepted: Work;
  /** sync-domain adds it in RunCloud. */
  readonly added: Work;
  /** secure-domains orders for all requests that are due, and sends the message for the next check. */
  readonly ordered: Work;
  /** secure-domains sees the certificates. */
  readonly proven: Work;
}

/** Announces so many domains at once to a warm worker, and follows them to their certificates. `accepted` and `added` are those of the last one. */
export async function lifeOfAnAdd(domains: number): Promise<LifeOfAnAdd> {
  const worker = await startCountedWorker({}, { runcloudMs: assumed.runcloudSeconds * SECOND_MS });
  try {
    return await follow(worker, domains);
  } finally {
    await worker.close();
  }
}

async function follow(worker: CountedWorker, domains: number): Promise<LifeOfAnAdd> {
  const unitsOf = unitCounter();
  const work = async (
    call: () => ReturnType<CountedWorker['pass']>,
    { checks = 0, deliveries = 1 } = {},
  ): Promise<Work> => {
    worker.logged();
    const before = worker.waitedMs();
    const requests = await call();
    const waitedSeconds = (worker.waitedMs() - before) / SECOND_MS;
    const seconds =
      requests.length * assumed.awsSeconds +
      waitedSeconds +
      Math.ceil(checks / DNS_AT_ONCE) * assumed.checkSeconds +
      assumed.ownSeconds;
    const gbSeconds = seconds * assumed.workerGb;
    return { units: unitsOf(requests), calls: 1, gbSeconds, lines: worker.logged(), deliveries };
  };
  // A worker that is warm: the secret is kept, the network has its claim and the address of its server.
  for (const wanted of ['present', 'absent'] as const) {
    await work(() => worker.record('first.example.com', wanted));
    await work(() => worker.pass('first.example.com'));
    worker.advance(BATCH_MS);
  }
  await work(() => worker.secure());
  const names = Array.from({ length: domains }, (_, n) => `shop-${n}.example.com`);
  let units = unitsOf([]);
  for (const name of names) units = unitsOf(await worker.record(name, 'present'));
  let added: Work | undefined;
  for (const name of names) added = await work(() => worker.pass(name));
  if (added === undefined) throw new Error('No domain was announced');
  worker.advance(BATCH_MS);
  const ordered = await work(() => worker.secure(), { checks: domains });
  worker.advance(CHECK_MS);
  const proven = await work(() => worker.secure(), { checks: domains });
  for (const name of names) {
    const state = await worker.certificate(name);
    if (state !== 'valid') throw new Error(`The certificate of ${name} is ${state}`);
  }
  return { accepted: await acceptedEvent(units), added, ordered, proven };
}
