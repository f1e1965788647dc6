import { callsByBursts } from './by-bursts.ts';
import { callsByDomains } from './by-domains.ts';
import { rowsByNetworks } from './by-networks.ts';
import { plot } from './plot.ts';

/** The plots of docs/performance.md, by the name of their file. They are made of counts, so they come out the same everywhere. */
export const plots: Readonly<Record<string, () => Promise<string>>> = {
  'cost-by-domains.svg': async () =>
    plot(await callsByDomains(), {
      x: 'domains that the application hosts',
      y: 'RunCloud calls for one domain',
    }),
  'cost-by-networks.svg': async () =>
    plot(await rowsByNetworks(), {
      x: 'networks with a due certificate',
      y: 'rows read to find those of one network',
    }),
  'cost-by-bursts.svg': async () =>
    plot(await callsByBursts(), { x: 'events in the burst', y: 'RunCloud calls for each domain' }),
};
