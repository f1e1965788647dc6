import type { CertificateHosting } from '../../lib/sync/ports.ts';
import type { Prove } from '../../lib/tls/proof.ts';
import { callOfChance, type Surroundings } from './call-of-chance.ts';
import { SERVER } from './internet.ts';
import type { Issuer } from './issuer.ts';
import type { Actor } from './scheduler.ts';
import type { SslWorld } from './ssl-world.ts';

const TIMEOUT_MS = 30_000;
/** docs/neighbours.md, "Limits and quota". */
const ORDER_TIMEOUT_MS = 120_000;

/** RunCloud's certificates as one worker meets them. */
export const certificatesOfChance = (
  issuer: Issuer,
  around: Omit<Surroundings, 'timeoutMs'>,
): CertificateHosting => {
  const read = callOfChance({ ...around, timeoutMs: TIMEOUT_MS });
  const order = callOfChance({ ...around, timeoutMs: ORDER_TIMEOUT_MS });
  return {
    mode: () => read('mode', false, async () => issuer.mode, asIs),
    serverAddress: () => read('address', false, async () => SERVER, asIs),
    find: (domainId) => read('find ssl', false, async () => issuer.installed.get(domainId)?.id, asIs),
    install: async (domainId) => {
      const act = async (sentAt: number) => issuer.order('install', { sslId: undefined, domainId, sentAt });
      await order('install', true, act, asIs);
    },
    redeploy: (sslId, domainId) =>
      order('redeploy', true, async (sentAt) => issuer.order('redeploy', { sslId, domainId, sentAt }), asIs),
  };
};

const asIs = <T>(answer: T): T => answer;

/** What a handshake shows now, if one comes about. */
export const shownNow = (issuer: Issuer, names: readonly string[], now: number) => {
  const shown = names.map((name) => issuer.shown(name));
  const known = shown.filter((one) => one !== undefined);
  const good = known.length === names.length && known.every(({ notAfter }) => notAfter > now);
  if (!good) return { kind: known.length > 0 ? ('invalid' as const) : ('nothing' as const) };
  const notBefore = Math.max(...known.map((one) => one.notBefore));
  const notAfter = Math.min(...known.map((one) => one.notAfter));
  return { kind: 'valid' as const, notBefore, notAfter };
};

/** A handshake is a step of the schedule, and may not come about. */
export const proofOfChance =
  (world: SslWorld, issuer: () => Issuer, actor: Actor): Prove =>
  async ({ names }) => {
    const { scheduler, dice, chances, plan } = world;
    await scheduler.step(actor, `handshake ${names.join(', ')}`);
    if (dice.chance(chances.unverified)) return { kind: 'unverified', why: 'no answer in time' };
    const shown = shownNow(issuer(), names, scheduler.now());
    if (shown.kind === 'valid') return { ...shown, via: null };
    const listens = plan.listens || issuer().installed.size > 0;
    if (shown.kind === 'nothing' && !listens) return { kind: 'unverified', why: 'nobody listens' };
    return { kind: 'invalid', why: 'the certificate is for another name' };
  };
