import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { signatureHeaders } from '../../test/support/api/sign.ts';
import type { PlacedNetwork } from '../../test/support/runcloud/place-network.ts';

export interface AddsTarget {
  readonly url: string;
  readonly runcloudUrl: string;
  readonly networks: readonly PlacedNetwork[];
}

/** The multisites' servers, each with one call at a time. */
const senders = 8;

async function add(url: string, { name, secret }: PlacedNetwork, domain: string): Promise<void> {
  const body = JSON.stringify({
    type: 'domain.added',
    timestamp: new Date().toISOString(),
    data: { domain },
  });
  const signed = signatureHeaders(body, {
    secrets: [secret.RELAY_SECRET ?? ''],
    id: `msg_${domain}`,
    nowMs: Date.now(),
  });
  for (;;) {
    const answer = await fetch(`${url}/${name}/domain-added`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
    });
    await answer.text();
    if (answer.status === 202) return;
    // The multisite sends again what was not confirmed. On a busy machine an emulator may answer too late.
    if (answer.status !== 503) throw new Error(`${domain} was answered ${answer.status}`);
    await wait(1_000);
  }
}

const pageSchema = z.object({ meta: z.object({ pagination: z.object({ total: z.number() }) }) });

async function hosted({ runcloudUrl, networks }: AddsTarget): Promise<number> {
  const totals = networks.map(async ({ serverId, appId, secret }) => {
    const answer = await fetch(
      `${runcloudUrl}/api/v3/servers/${serverId}/webapps/${appId}/domains?perPage=1`,
      {
        headers: { authorization: `Bearer ${secret.WU_RUNCLOUD_API_TOKEN}` },
      },
    );
    return pageSchema.parse(await answer.json()).meta.pagination.total - 1;
  });
  return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
}

/** Adds that many domains. Returns how long it took until RunCloud had all. */
export async function addsTook(count: number, target: AddsTarget, begin: string): Promise<number> {
  const { networks, url } = target;
  const before = await hosted(target);
  const startedAt = performance.now();
  let next = 0;
  const sender = async () => {
    for (let n = next++; n < count; n = next++) {
      const network = networks[n % networks.length];
      if (network !== undefined) await add(url, network, `${begin}-${n}.acme-bikes.com`);
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  while ((await hosted(target)) < before + count) await wait(100);
  return performance.now() - startedAt;
}
