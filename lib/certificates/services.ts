import type { DnsGate } from '../dns/gate.ts';
import type { DomainDelays } from '../sync/ledger/delays.ts';
import type { AskWww } from '../sync/ledger/domains/www.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import type { Clock, Ledger, Queue, Random } from '../sync/ledger/ports.ts';
import type { Networks } from '../sync/ledger/runcloud-ports.ts';
import type { ReportDeferred } from '../sync/ledger/updates/deferred-work.ts';
import type { Settled } from '../sync/ledger/work/settle.ts';
import type { ReportUnsent } from '../sync/outcomes/send-owed.ts';
import type { Prove } from '../tls/proof.ts';
import type { CertificateDelays } from './delays.ts';
import type { KeptModes } from './kept-modes.ts';
import type { CertificateResult } from './outcome/result.ts';

/** What the certificates' worker needs of the world. */
export interface CertificateServices {
  readonly ledger: Ledger;
  /** The certificate queue and its dead letters. */
  readonly queue: Queue;
  readonly outcomeQueue: Pick<Queue, 'send'>;
  /** People are told of successes too. */
  readonly successNotices: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly networks: Networks;
  readonly modes: KeptModes;
  readonly dnsGate: DnsGate;
  readonly askWww: AskWww;
  readonly prove: Prove;
  readonly delays: CertificateDelays;
  /** A network's pause and its probes belong to its domains. */
  readonly domainDelays: DomainDelays;
  /** Longer than the function's timeout: no other worker starts before this one has ended. */
  readonly leaseMs: number;
  /** A name that no other pass has. */
  readonly newOwner: () => string;
  /** Receives every settled request, every order and every pause. Nothing depends on it. */
  readonly report: (fact: CertificateFact) => void;
  readonly reportDeferred: ReportDeferred;
  readonly reportUnsent: ReportUnsent;
  readonly reportCallsThisMonth: (count: number) => void;
}

export type CertificateFact =
  | {
      readonly kind: 'checked';
      readonly item: CertificateItem;
      readonly result: CertificateResult;
      readonly settled: Settled<CertificateItem>;
    }
  | { readonly kind: 'crashed'; readonly item: CertificateItem; readonly error: unknown }
  /** `names`: how many. */
  | {
      readonly kind: 'ordered';
      readonly network: string;
      readonly names: number;
      readonly how: 'install' | 'redeploy';
      readonly outcome: 'accepted' | 'unanswered' | 'refused' | 'undone';
      readonly error?: unknown;
    }
  | {
      readonly kind: 'turned';
      readonly network: string;
      readonly transition: 'paused' | 'resumed';
      readonly error?: unknown;
    };
