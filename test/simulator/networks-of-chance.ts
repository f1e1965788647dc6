import { memoryCertificates } from '../../lib/memory/certificates.ts';
import { SecretFaulty } from '../../lib/secret-faulty.ts';
import type { Networks } from '../../lib/sync/ports.ts';
import type { Watch } from './oracle.ts';
import { runcloudOfChance } from './runcloud-of-chance.ts';
import type { Actor } from './scheduler.ts';
import { PROTECTED, type World } from './world.ts';

/** The network's secret as a worker reads it at this moment, and the way to RunCloud that it opens. */
export const networksOfChance = (world: World, actor: Actor, watch: Watch, domain: string): Networks => ({
  access: async () => {
    if (world.trouble === 'secret') throw new SecretFaulty('is not valid JSON');
    const { app, hosting } = world.runclouds[world.current];
    return {
      app,
      readAt: world.scheduler.now(),
      protectedDomains: [PROTECTED],
      removalsPerHour: world.scenario.removalsPerHour,
      paused: world.trouble === 'paused',
      credentialFingerprint: 'f00dfeedf00dfeed',
      serverAddresses: [],
      dnsTarget: null,
      certificates: () => memoryCertificates(),
      hosting: (gate) =>
        runcloudOfChance(world, hosting, actor, gate, {
          begins: (op) => watch.callBegins(actor, domain, op),
          ends: () => watch.callEnds(actor),
        }),
    };
  },
});
