import { memoryCertificates } from '../../lib/memory/certificates.ts';
import type { Secrets } from '../../lib/settings.ts';
import type { Networks } from '../../lib/sync/ports.ts';
import { certificatesOfChance } from './certificates-of-chance.ts';
import type { KeptSecret } from './kept-secrets.ts';
import type { Watch } from './oracle.ts';
import { runcloudOfChance } from './runcloud-of-chance.ts';
import type { Actor } from './scheduler.ts';
import { PROTECTED, type World } from './world.ts';

/** Who asks: about which domain (none: a network's certificates), and with which kept secret. */
export interface Asker {
  readonly domain: string;
  readonly secrets: Secrets<KeptSecret>;
}

/** The network's secret as a worker keeps it, and the way to RunCloud that it opens. */
export const networksOfChance = (
  world: World,
  actor: Actor,
  watch: Watch,
  { domain, secrets }: Asker,
): Networks => ({
  access: async (network, { fresh }) => {
    await world.scheduler.step(actor, 'before the secret');
    const secret = await secrets.settings(network, { fresh });
    await world.scheduler.step(actor, 'after the secret');
    if (secret === undefined) return undefined;
    const { names, token, paused, readAt } = secret;
    const { app, hosting } = world.runclouds[names];
    const around = {
      world,
      actor,
      token,
      watch: {
        begins: (op: string) => watch.callBegins(actor, domain, op),
        ends: () => watch.callEnds(actor),
        denied: () => watch.callDenied(actor),
      },
    };
    const issuer = world.ssl?.issuers[names];
    return {
      app,
      readAt,
      protectedDomains: [PROTECTED],
      removalsPerHour: world.scenario.removalsPerHour,
      paused,
      credentialFingerprint: `fingerprint-${token}`,
      serverAddresses: [],
      dnsTarget: null,
      certificates: (gate) =>
        issuer === undefined ? memoryCertificates() : certificatesOfChance(issuer, { ...around, gate }),
      hosting: (gate) => runcloudOfChance(hosting, { ...around, gate }, (name) => watch.changed(names, name)),
    };
  },
});
