import { expect } from '@jest/globals';
import type { Flow } from './flow.ts';
import type { Shown } from './flow-certificates.ts';
import type { FlowNetwork } from './flow-network.ts';
import type { NetworkSeed, SslMode } from './place-network.ts';

/** What a domain meets that arrives at a web application: its SSL mode, and what visitors are shown already. */
export interface SslCase {
  readonly mode: SslMode;
  readonly had: Shown;
}

const modes = ['basic', 'advanced', 'autossl'] as const satisfies readonly SslMode[];
const shown = ['none', 'valid', 'expired', 'wrong-name'] as const satisfies readonly Shown[];

/** Every mode with everything that may be shown in it. */
export const sslCases: readonly SslCase[] = modes.flatMap((mode) => shown.map((had) => ({ mode, had })));

/** In RunCloud's own words: what it is asked for, once. Nothing where all is well, or where RunCloud orders by itself. */
export const usualWrites = ({ mode, had }: SslCase): string[] => {
  if (mode === 'autossl' || had === 'valid') return [];
  const place = mode === 'basic' ? '/ssl' : '/domains/:id/ssl';
  return [had === 'none' ? `POST ${place}` : `PUT ${place}/:id`];
};

/** AutoSSL leaves alone what is installed already, whatever it is worth. */
export const isLeftToOperators = ({ mode, had }: SslCase): boolean =>
  mode === 'autossl' && (had === 'expired' || had === 'wrong-name');

const nameOf = (world: string, { mode, had }: SslCase) => `${world}-${mode}-${had}`;

/** A network for each case: `world` tells sets of them apart. */
export const networksFor = (world: string): Record<string, NetworkSeed> =>
  Object.fromEntries(sslCases.map((one) => [nameOf(world, one), { ssl: one.mode }]));

export interface Arrival extends SslCase {
  readonly network: FlowNetwork;
  readonly domain: string;
}

/** A domain that RunCloud serves already, that points at the server and shows this, is added by the multisite. */
export const arrive = async (flow: Flow, world: string, one: SslCase): Promise<Arrival> => {
  const name = nameOf(world, one);
  const network = flow.network(name);
  const domain = `shop.${name}.com`;
  flow.runcloud.addInPanel(network.appId, { name: domain });
  network.certificates.pointHere(domain);
  network.certificates.show(domain, one.had);
  await network.add(domain);
  return { ...one, network, domain };
};

/** Calls that change something about certificates, numbers left out. */
export const sslWrites = ({ calls }: FlowNetwork): string[] =>
  calls()
    .filter((call) => /^(POST|PUT|PATCH|DELETE) .*\/ssl/.test(call))
    .map((call) => call.replaceAll(/\/\d+/g, '/:id'));

/** Waits for the end that is usual in that case; everything that was asked for on the way. */
export const endsAsUsual = async ({ network, domain, ...one }: Arrival): Promise<string[]> => {
  const { certificates } = network;
  if (isLeftToOperators(one)) {
    await certificates.stands(domain, { state: 'failed', reason: 'order-failed', toSend: [] });
  } else {
    const { notAfter } = await certificates.stands(domain, { state: 'valid', reason: null, lastError: null });
    expect(Date.parse(notAfter ?? '')).toBeGreaterThan(Date.now());
  }
  return sslWrites(network);
};

/** One after the other: a door that many knock at in the same moment begins as many processes. */
export const arriveAll = async (flow: Flow, world: string, cases: readonly SslCase[]): Promise<Arrival[]> => {
  const arrivals: Arrival[] = [];
  for (const one of cases) arrivals.push(await arrive(flow, world, one));
  return arrivals;
};
