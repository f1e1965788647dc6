import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { NetworkItem, Silence } from '../../sync/ledger/network-item.ts';
import type { Random } from '../../sync/ledger/ports.ts';
import { type ItemUpdate, updateItem } from '../../sync/ledger/update.ts';
import type { CertificateDelays } from '../delays.ts';
import { silentMs } from '../outcome/backoff.ts';
import type { CertificateServices } from '../services.ts';

const NOT_ASKED: Silence = { since: null, asks: 0, askAt: 0 };
/** Of a day. A silence that begins so long after the last question is another one. */
const FORGOTTEN_AFTER = 2;
/** Looks at a certificate that was ordered before its domain came back: RunCloud is asked about it by itself. */
const FIRST_LOOKS = 3;

interface AskTerms {
  readonly now: number;
  readonly delays: CertificateDelays;
  readonly random: Random;
}

/** That the server is silent, without a question. */
function noted(item: NetworkItem | undefined, now: number): { readonly write?: NetworkItem } {
  const last = item?.silence ?? NOT_ASKED;
  if (item === undefined || last.since !== null) return {};
  return { write: { ...item, silence: { ...last, since: now } } };
}

/** One question for all domains of an application that does not answer, with growing waits up to a day. */
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

/** What was ordered a short while ago may have been lost on its way: RunCloud is asked about that certificate itself. */
function isRecent(
  { orderedAt, state, attempts }: CertificateItem,
  { clock, delays }: SilenceServices,
): boolean {
  return orderedAt === null
    ? state !== 'valid' && attempts < FIRST_LOOKS
    : clock.now() - orderedAt < delays.unconfirmedMs + delays.lastMs;
}

/**
 * Whether RunCloud is to be asked what is installed behind a server that does not answer. It is one firewall for all
 * domains, so a question for each of them would tell nothing new.
 */
export async function mayAskAbout(item: CertificateItem, s: SilenceServices): Promise<boolean> {
  const { ledger, clock, delays, random } = s;
  const key = networkKey(item.network);
  const now = clock.now();
  if (!isRecent(item, s)) return updateItem(ledger, key, takeQuestion({ now, delays, random }));
  return updateItem(ledger, key, (stored) => ({ ...noted(stored, now), result: true }));
}

/** Nothing was installed for one of them: others are asked about without a wait. */
export function askAgain(
  { network }: CertificateItem,
  { ledger, clock }: Pick<SilenceServices, 'ledger' | 'clock'>,
): Promise<void> {
  return updateItem(ledger, networkKey(network), (item) => {
    const silence = { since: item?.silence?.since ?? null, asks: 0, askAt: clock.now() };
    return { ...(item !== undefined && { write: { ...item, silence } }), result: undefined };
  });
}

/** The server has answered a handshake. When RunCloud was last asked is kept: an address may answer now and then. */
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
