import { memoryCertificates } from '../../lib/memory/certificates.ts';
import { SecretFaulty } from '../../lib/secret-faulty.ts';
import type { Networks } from '../../lib/sync/ports.ts';
import { certificatesOfChance } from './certificates-of-chance.ts';
import type { Watch } from './oracle.ts';
import { runcloudOfChance } from './runcloud-of-chance.ts';
import type { Actor } from './scheduler.ts';
import { PROTECTED, type World } from './world.ts';

/** Who asks: about which domain (none: a network's certificates), and in which process. */
export interface Asker {
  readonly domain: string;
  readonly slot: number;
}

/** The network's secret as a worker reads it at this moment, and the way to RunCloud that it opens. */
export const networksOfChance = (world: World, actor: Actor, watch: Watch, { domain }: Asker): Networks => ({
  access: async () => {
    if (world.trouble === 'secret') throw new SecretFaulty('is not valid JSON');
    const { current } = world;
    const { app, hosting } = world.runclouds[current];
    const around = {
      world,
      actor,
      watch: {
        begins: (op: string) => watch.callBegins(actor, domain, op),
        ends: () => watch.callEnds(actor),
      },
    };
    const issuer = world.ssl?.issuers[current];
    return {
      app,
      readAt: world.scheduler.now(),
      protectedDomains: [PROTECTED],
      removalsPerHour: world.scenario.removalsPerHour,
      paused: world.trouble === 'paused',
      credentialFingerprint: 'f00dfeedf00dfeed',
      serverAddresses: [],
      dnsTarget: null,
      certificates: (gate) =>
        issuer === undefined ? memoryCertificates() : certificatesOfChance(issuer, { ...around, gate }),
      hosting: (gate) =>
        runcloudOfChance(hosting, { ...around, gate }, (name) => watch.changed(current, name)),
    };
  },
});
