import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { NetworkItem, Silence } from '../../sync/ledger/items/network-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { Random } from '../../sync/ledger/ports.ts';
import { type ItemUpdate, updateItem } from '../../sync/ledger/updates/update.ts';
import type { CertificateDelays } from '../delays.ts';
import { silentMs } from '../outcome/backoff.ts';
import type { CertificateServices } from '../services.ts';

const NOT_ASKED: Silence = { since: null, asks: 0, askAt: 0 };
/** In days. A silence that begins this long after the last question counts as a new one. */
const FORGOTTEN_AFTER = 2;
/** The first checks of a certificate that was ordered before its domain came back. Each may ask RunCloud about it. */
const FIRST_LOOKS = 3;

interface AskTerms {
  readonly now: number;
  readonly delays: CertificateDelays;
  readonly random: Random;
}

/** Records that the server is silent, without taking a question. */
function noted(item: NetworkItem | undefined, now: number): { readonly write?: NetworkItem } {
  const last = item?.silence ?? NOT_ASKED;
  if (item === undefined || last.since !== null) return {};
  return { write: { ...item, silence: { ...last, since: now } } };
}

/** Takes the one question for all domains of an application that does not answer, with growing waits up to a day. */
function takeQuestion({ now, delays, random }: AskTerms) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    if (item === undefined) return { result: true };
    const last = item.silence ?? NOT_ASKED;
    if (now < last.askAt) return { ...noted(item, now), result: false };
    const asks = now > last.askAt + FORGOTTEN_AFTER * delays.dailyMs ? 0 : last.asks;
    const silence = { since: last.since ?? now, asks: asks + 1, askAt: now + silentMs(asks, delays, random) };
    return { write: { ...item, silence }, result: true };
  };
}

type SilenceServices = Pick<CertificateServices, 'ledger' | 'clock' | 'delays' | 'random'>;

/** A recent order may have been lost, so RunCloud is asked about that certificate itself. */
function isRecent(
  { orderedAt, state, attempts }: CertificateItem,
  { clock, delays }: SilenceServices,
): boolean {
  return orderedAt === null
    ? state !== 'valid' && attempts < FIRST_LOOKS
    : clock.now() - orderedAt < delays.unconfirmedMs + delays.lastMs;
}

/**
 * Whether to ask RunCloud what is installed on a server that does not answer. One firewall blocks all domains, so a
 * question for each of them would show nothing new.
 */
export async function mayAskAbout(item: CertificateItem, s: SilenceServices): Promise<boolean> {
  const { ledger, clock, delays, random } = s;
  const key = networkKey(item.network);
  const now = clock.now();
  if (!isRecent(item, s)) return updateItem(ledger, key, takeQuestion({ now, delays, random }));
  return updateItem(ledger, key, (stored) => ({ ...noted(stored, now), result: true }));
}

/** One domain has no certificate installed, so the next question about the others needs no wait. */
export function askAgain(
  { network }: CertificateItem,
  { ledger, clock }: Pick<SilenceServices, 'ledger' | 'clock'>,
): Promise<void> {
  return updateItem(ledger, networkKey(network), (item) => {
    const silence = { since: item?.silence?.since ?? null, asks: 0, askAt: clock.now() };
    return { ...(item !== undefined && { write: { ...item, silence } }), result: undefined };
  });
}

/** The server has answered a handshake. The time of the next question stays, because an address may answer now and then. */
export function noteAnswer(
  { network }: CertificateItem,
  { ledger }: Pick<SilenceServices, 'ledger'>,
): Promise<void> {
  return updateItem(ledger, networkKey(network), (item) => {
    const silence = item?.silence ?? null;
    if (item === undefined || silence === null || silence.since === null) return { result: undefined };
    return { write: { ...item, silence: { ...silence, since: null } }, result: undefined };
  });
}
