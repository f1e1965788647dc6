import { eventually } from '../../support/eventually.ts';
import { secretOfNetwork, startTestStack, type TestStack } from '../../support/stack/stack.ts';
import type { Database } from './database.ts';
import { type Gate, startGate } from './gate.ts';
import { startOutcomeDoor } from './outcome-door.ts';
import { type Constants, createSite, type Site } from './site.ts';

export const networkName = 'acme';
export const readToken = 'read-token-of-the-test-network-0123456789';
export const relaySecret = secretOfNetwork().RELAY_SECRET ?? '';

function secretOfWordPress(callbackUrl: string) {
  return secretOfNetwork({
    CALLBACK_URL: callbackUrl,
    RELAY_READ_TOKEN: readToken,
    PROTECTED_DOMAINS: 'network.example',
    // A removal reaches RunCloud at once.
    REMOVAL_GRACE_MINUTES: '0',
  });
}

/** A server of RunCloud whose web application serves the network itself. */
function serverWith(wildcard: boolean) {
  return {
    tokens: [secretOfNetwork().WU_RUNCLOUD_API_TOKEN ?? ''],
    servers: [
      {
        id: 42,
        apps: [{ id: 7, domains: [{ name: 'network.example', type: 'primary' as const, wildcard }] }],
      },
    ],
  };
}

export interface WorldOptions {
  readonly database?: Database;
  /** The version of Ultimate Multisite; null: the network has none. */
  readonly ultimateMultisite?: string | null;
  readonly constants?: Constants;
  /** Whether RunCloud serves every subdomain of the network by a wildcard. */
  readonly wildcard?: boolean;
  /** Whether the relay posts outcomes to the plugin. */
  readonly outcomes?: boolean;
}

/** A WordPress network with our plugin, the relay on this machine, and a RunCloud, DNS and visitors of its own. */
export interface World {
  readonly site: Site;
  readonly relay: TestStack;
  readonly gate: Gate;
  /** The types of the outcomes that the plugin has taken in. */
  readonly outcomes: readonly string[];
  /** Runs WP-Cron, then waits until the relay has nothing left to do for a domain. */
  settled(domain: string): Promise<void>;
  /** Waits until visitors of a domain meet a certificate for it. */
  hasCertificate(domain: string): Promise<void>;
  /** What RunCloud's web application serves but for the network itself, in order. */
  hosted(): string[];
  close(): Promise<void>;
}

/** What the plugin is configured with, and where Ultimate Multisite finds the world of the test. */
function constantsOf(relay: TestStack, gate: Gate): Constants {
  const { environment, edge } = relay.internet;
  return {
    WU_RUNCLOUD_RELAY_URL: `${gate.url}/${networkName}`,
    WU_RUNCLOUD_RELAY_SECRET: relaySecret,
    WU_RUNCLOUD_RELAY_READ_TOKEN: readToken,
    STAND_IN_DNS_SERVER: environment.DNS_SERVERS,
    STAND_IN_TLS_PORT: edge.port,
    STAND_IN_CA_FILE: environment.NODE_EXTRA_CA_CERTS,
  };
}

const plugins = ['ultimate-multisite/ultimate-multisite.php', 'runcloud-relay/runcloud-relay.php'];

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { ultimateMultisite = '2.9.2', wildcard = false } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const outcomes = options.outcomes === true ? await startOutcomeDoor() : undefined;
    if (outcomes !== undefined) closing.push(outcomes.close);
    const relay = await startTestStack({
      secrets: { [networkName]: secretOfWordPress(outcomes?.url ?? '') },
      certificateRetryBaseSeconds: 0.1,
      runcloud: { workspaces: [serverWith(wildcard)], switches: { sslIssueMs: 100 } },
    });
    closing.push(relay.close);
    relay.internet.dns.set('network.example', { A: ['127.0.0.1'] });
    const gate = await startGate(relay.url);
    closing.push(gate.close);
    const site = await createSite(options.database);
    closing.push(site.close);
    const version = ultimateMultisite === null ? {} : { STAND_IN_VERSION: ultimateMultisite };
    await site.configure({ ...constantsOf(relay, gate), ...version, ...options.constants });
    for (const plugin of ultimateMultisite === null ? plugins.slice(1) : plugins) await site.activate(plugin);
    if (outcomes !== undefined) {
      outcomes.open(site);
      closing.push(outcomes.shut);
    }
    const hosted = () =>
      relay
        .hosted()
        .filter((name) => name !== 'network.example')
        .sort();
    return {
      site,
      relay,
      gate,
      outcomes: outcomes?.taken ?? [],
      hosted,
      settled: async (domain) => {
        await site.cron();
        await relay.settled(domain);
      },
      hasCertificate: (domain) =>
        eventually(
          async () => {
            const certificate = await relay.runcloud.certificateFor(domain);
            if (certificate === undefined) throw new Error(`RunCloud has no certificate for ${domain}`);
          },
          { everyMs: 100 },
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until RunCloud serves these names and no others. */
export function servesOnly(world: World, ...names: readonly string[]): Promise<void> {
  return eventually(
    () => {
      const [now, wanted] = [world.hosted().join(' '), [...names].sort().join(' ')];
      if (now !== wanted) throw new Error(`RunCloud serves [${now}], not [${wanted}]`);
    },
    { everyMs: 50 },
  );
}
