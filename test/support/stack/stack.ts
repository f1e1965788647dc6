import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { RuncloudOptions } from '../../../local/runcloud/model.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { type Stack, type StackOptions, startStack } from '../../../local/stack.ts';
import type { Internet } from '../../../local/world/internet.ts';
import { secretOf, signatureHeaders } from '../api/sign.ts';
import { eventually } from '../eventually.ts';

/** The network that a test stack serves by default. */
const network = 'acme';
const appId = 7;
const relaySecret = secretOf('the secret of the test network');

type Secret = Readonly<Record<string, string>>;

export function secretOfNetwork(changes: Secret = {}): Secret {
  return {
    WU_RUNCLOUD_API_TOKEN: 'token-of-the-test-workspace',
    WU_RUNCLOUD_SERVER_ID: '42',
    WU_RUNCLOUD_APP_ID: String(appId),
    RELAY_SECRET: relaySecret,
    RELAY_HOOK_TOKEN: 'hook-token-of-the-test-network-0123',
    PROTECTED_DOMAINS: 'network.example.com',
    REMOVAL_GRACE_MINUTES: '0',
    ...changes,
  };
}

export const workspace = {
  tokens: [secretOfNetwork().WU_RUNCLOUD_API_TOKEN ?? ''],
  servers: [
    { id: 42, apps: [{ id: appId, domains: [{ name: 'network.example.com', type: 'primary' as const }] }] },
  ],
};

export interface TestStackOptions extends Omit<Partial<StackOptions>, 'runcloud' | 'secretsFile'> {
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly runcloud?: Partial<RuncloudOptions>;
}

export interface TestStack extends Stack {
  readonly runcloud: RunningRuncloud;
  readonly internet: Internet;
  /** Posts a signed event as the multisite does. */
  tell(
    type: 'domain.added' | 'domain.removed' | 'domain.ssl_retry',
    domain: string,
    more?: { readonly id?: string; readonly at?: Date; readonly data?: object },
  ): Promise<Response>;
  domain(name: string): Promise<DomainItem | undefined>;
  /** Waits until nothing is left to do for this domain; what the ledger says then. */
  settled(name: string): Promise<DomainItem>;
  /** What the application serves. */
  hosted(): string[];
  /** Rewrites the secrets file. */
  setSecrets(secrets: Readonly<Record<string, Secret>>): Promise<void>;
}

const pathOf = {
  'domain.added': 'domain-added',
  'domain.removed': 'domain-removed',
  'domain.ssl_retry': 'ssl-retry',
};

/** The whole relay on free ports of this machine, with a RunCloud of its own. To be closed. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { secrets = { [network]: secretOfNetwork() }, runcloud: runcloudOptions, ...others } = options;
  const dir = await mkdtemp(join(tmpdir(), 'stack-test-'));
  const secretsFile = join(dir, 'secrets.json');
  const setSecrets = (next: Readonly<Record<string, Secret>>) => writeFile(secretsFile, JSON.stringify(next));
  await setSecrets(secrets);
  const stack = await startStack({
    port: 0,
    retryBaseSeconds: 0.1,
    sweepEveryMs: 200,
    ...others,
    secretsFile,
    runcloud: {
      workspaces: [workspace],
      ...runcloudOptions,
      switches: { callsPerMinute: 6_000, ...runcloudOptions?.switches },
    },
  });
  const { internet } = stack;
  if (internet === undefined) throw new Error('A test stack has a RunCloud of its own');
  const { runcloud } = internet;
  const domain = async (name: string) => (await stack.ledger.read(domainKey(network, name)))?.item;
  return {
    ...stack,
    runcloud,
    internet,
    domain,
    setSecrets,
    tell: (type, name, { id = `msg_${randomUUID()}`, at = new Date(), data = {} } = {}) => {
      const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { domain: name, ...data } });
      const headers = {
        'content-type': 'application/json',
        ...signatureHeaders(body, { secrets: [relaySecret], id, nowMs: Date.now() }),
      };
      return fetch(`${stack.url}/${network}/${pathOf[type]}`, { method: 'POST', headers, body });
    },
    settled: async (name) => {
      let item: DomainItem | undefined;
      await eventually(
        async () => {
          item = await domain(name);
          if (item?.dueAt !== null)
            throw new Error(`${name} is ${item?.state ?? 'unknown'}, with work to do`);
        },
        { everyMs: 50 },
      );
      if (item === undefined) throw new Error(`The ledger does not know ${name}`);
      return item;
    },
    hosted: () => runcloud.app(appId).domains.map(({ name }) => name),
    close: async () => {
      await stack.close();
      await rm(dir, { recursive: true });
    },
  };
}
