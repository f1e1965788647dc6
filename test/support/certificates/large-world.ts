import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import { movedSendAt } from '../../../lib/sync/sweep/moved-send-at.ts';
import { DAY, DOMAIN, NETWORK, NOW } from '../sync/items.ts';
import { certificateWorld, timing } from './certificate-world.ts';

export function nameOf(n: number) {
  return `shop-${n}.acme-bikes.com`;
}

/** This many requests that are valid and checked daily, one of them now, the others over the day to come. */
export async function largeWorld(count: number) {
  const world = certificateWorld();
  await world.arrive();
  const request = await world.request();
  const row = { id: 1, serverId: '42', appId: '7' };
  for (let n = 0; n < count; n += 1) {
    const at = NOW + (n * DAY) / count;
    world.putDomain({ domain: nameOf(n), runcloudId: row, wwwServed: false });
    const item = { ...request, domain: nameOf(n), state: 'valid' as const, dueAt: at, sendAt: at };
    world.ledger.put(certificateKey(NETWORK, nameOf(n)), item);
  }
  world.serve(Array.from({ length: count }, (_, n) => nameOf(n)));
  await world.putRequest({ state: 'valid', dueAt: NOW + DAY, sendAt: NOW + DAY });
  world.serve([DOMAIN]);
  return world;
}

/** What the sweep does after its message was accepted. */
export async function moveMessage(world: ReturnType<typeof certificateWorld>, domain: string): Promise<void> {
  const item = await world.request(domain);
  const sent = { sendAt: item.sendAt ?? 0, now: world.clock.now(), resendMs: timing.resendMs };
  world.ledger.put(certificateKey(NETWORK, domain), movedSendAt(item, sent).write ?? item);
}
