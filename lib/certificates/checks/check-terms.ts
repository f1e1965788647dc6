import type { Interruption } from '../interruption.ts';
import type { AppOrders } from '../order-log/app-orders.ts';
import type { CertificateSession } from '../session.ts';

/** The server that all requests of a pass are checked against. */
export interface ServerContext {
  /** The address for handshakes. */
  readonly serverAddress: string;
  readonly serverAddresses: readonly string[];
  readonly dnsTarget: string | null;
}

/** What the check of a request may ask RunCloud with. */
export interface CheckTerms {
  readonly session: CertificateSession;
  readonly orders: AppOrders;
  /** Called with what kept a check from asking RunCloud; the pass goes on. */
  readonly onInterruption: (interruption: Interruption) => void;
  /** The server did not answer the last handshake. */
  readonly wasSilent: boolean;
}
