import type { Prove } from '../../../../lib/tls/proof.ts';
import type { Actor } from '../../chance/scheduler.ts';
import type { Issuer } from './issuer.ts';
import type { SslWorld } from './ssl-world.ts';

/** What a handshake shows now, if it succeeds. */
export function shownNow(issuer: Issuer, names: readonly string[], now: number) {
  const shown = names.map((name) => issuer.shown(name));
  const known = shown.filter((one) => one !== undefined);
  const good = known.length === names.length && known.every(({ notAfter }) => notAfter > now);
  if (!good) return { kind: known.length > 0 ? ('invalid' as const) : ('nothing' as const) };
  const notBefore = Math.max(...known.map((one) => one.notBefore));
  const notAfter = Math.min(...known.map((one) => one.notAfter));
  return { kind: 'valid' as const, notBefore, notAfter };
}

/** A handshake is a step of the schedule, and may fail. */
export function unreliableProof(world: SslWorld, issuer: () => Issuer, actor: Actor): Prove {
  return async ({ names }) => {
    const { scheduler, random, chances, plan } = world;
    await scheduler.step(actor, `handshake ${names.join(', ')}`, world.answersAt.tls());
    if (random.chance(chances.unverified)) return { kind: 'unverified', why: 'no answer in time' };
    if (world.isSilent()) return { kind: 'unverified', why: 'port 443 does not answer' };
    const shown = shownNow(issuer(), names, scheduler.now());
    if (shown.kind === 'valid') return { ...shown, via: null, edgeRenews: false };
    const listens = plan.listens || issuer().installed.size > 0;
    if (shown.kind === 'nothing' && !listens)
      return { kind: 'unverified', why: 'the server does not listen' };
    return { kind: 'invalid', why: 'the certificate is for another name' };
  };
}
