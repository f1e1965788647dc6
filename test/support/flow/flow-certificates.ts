import { expect } from '@jest/globals';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { namesOf, type OrderEntry } from '../../../local/runcloud/state/state.ts';
import type { DnsRecords } from '../../../local/world/dns/zone.ts';
import type { Internet } from '../../../local/world/internet.ts';
import { eventually } from '../eventually.ts';
import { type PlacedNetwork, type SslMode, sslModes } from '../runcloud/place-network.ts';
import type { DeadLetter, deadLetterQueue } from './flow-dead-letters.ts';

/** Values, or matchers of Jest. */
type Expected = { readonly [F in keyof CertificateItem]?: unknown };

/** What a visitor of a domain meets: whether a trusted CA issued it, for that name. */
export type Shown = 'none' | 'valid' | 'expired' | 'wrong-name';

/** The certificates of one network: what the world around them is like, and what became of them. */
export interface FlowCertificates {
  setMode(mode: SslMode): void;
  /** Lets names point at the server. */
  pointHere(...names: readonly string[]): void;
  /** All records of a name; null: there is no such name. */
  point(name: string, records: DnsRecords | null): void;
  /** Installs by hand what visitors of a domain shall be shown from now on, whatever the mode. No order is sent. */
  show(domain: string, shown: Shown): void;
  /** Waits for an order of the whole web application and holds it, until the function that it returns is called. */
  holdOrder(): Promise<() => void>;
  /** Orders received for the web application or one of its domains, in order. */
  orders(): readonly OrderEntry[];
  item(domain: string): Promise<CertificateItem | undefined>;
  /** Waits until the ledger says this about a domain's certificate; what it says then. */
  stands(domain: string, expected: Expected): Promise<CertificateItem>;
  /** Dead letters about certificates of this network so far, each once. */
  deadLetters(): Promise<DeadLetter[]>;
}

export interface CertificateSurroundings {
  readonly internet: Pick<Internet, 'dns' | 'runcloud'>;
  readonly ledger: Ledger;
  readonly certificateDeadLetters: ReturnType<typeof deadLetterQueue>;
}

const dayMs = 86_400_000;

export function flowCertificates(
  { name: network, appId, serverAddress }: PlacedNetwork,
  { internet: { dns, runcloud }, ledger, certificateDeadLetters }: CertificateSurroundings,
): FlowCertificates {
  const item = async (domain: string) => (await ledger.read(certificateKey(network, domain)))?.item;
  const app = () => runcloud.app(appId);

  const showInBasic = (own: readonly string[], shown: Shown) => {
    const others = (app().ssl?.names ?? []).filter((name) => !own.includes(name));
    if (shown === 'valid') runcloud.installInPanel(appId, { names: [...others, ...own] });
    else if (shown === 'expired') {
      runcloud.installInPanel(appId, { names: [...others, ...own], notAfter: Date.now() - dayMs / 2 });
    } else if (shown === 'wrong-name') runcloud.installInPanel(appId, { names: ['somebody-else.example'] });
    else if (others.length > 0) runcloud.installInPanel(appId, { names: others });
    else runcloud.uninstallInPanel(appId);
  };

  const showInAdvanced = (domain: string, shown: Shown) => {
    if (shown === 'none') runcloud.uninstallInPanel(appId, domain);
    else if (shown === 'valid') runcloud.installInPanel(appId, { domain });
    else if (shown === 'expired')
      runcloud.installInPanel(appId, { domain, notAfter: Date.now() - dayMs / 2 });
    else runcloud.installInPanel(appId, { domain, names: ['somebody-else.example'] });
  };

  return {
    setMode: (mode) => {
      app().mode = { ...sslModes[mode] };
    },
    pointHere: (...names) => {
      for (const name of names) dns.set(name, { A: [serverAddress] });
    },
    point: dns.set,
    show: (domain, shown) => {
      const row = app().domains.find(({ name }) => name === domain);
      if (row === undefined) throw new Error(`The web application does not serve ${domain}`);
      if (app().mode.advancedSSL) showInAdvanced(domain, shown);
      else showInBasic(namesOf(row), shown);
    },
    holdOrder: async () => {
      await eventually(() => expect(app().pending).not.toBeNull(), { everyMs: 5 });
      const { pending } = app();
      if (pending === null) throw new Error('The order has ended');
      app().pending = { ...pending, readyAt: Number.POSITIVE_INFINITY };
      return () => {
        // A second order may have taken its place.
        if (app().pending?.entry === pending.entry) app().pending = pending;
      };
    },
    orders: () => runcloud.orders.filter((order) => order.appId === appId),
    item,
    stands: async (domain, expected) => {
      let found: CertificateItem | undefined;
      await eventually(
        async () => {
          found = await item(domain);
          expect(found).toMatchObject({ ...expected });
        },
        { everyMs: 50 },
      );
      if (found === undefined) throw new Error(`The ledger knows no certificate of ${domain}`);
      return found;
    },
    deadLetters: () => certificateDeadLetters.of(network),
  };
}
