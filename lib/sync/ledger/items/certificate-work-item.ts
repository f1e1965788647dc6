import type { CertificateOrder } from './certificate-item.ts';
import { type Lease, released } from './lease.ts';

/** What the certificates of one web application have in common: the lease to order for it, and its orders. */
export interface CertificateWork extends Lease {
  /** Orders for the whole application, of the last week. */
  readonly orders: readonly CertificateOrder[];
  /** The names in the last of them, until its outcome was seen. */
  readonly ordered: readonly string[];
  /** Names that are most likely at fault for the last of them that failed, the first one first. */
  readonly suspects: readonly string[];
}

/** An item of its own without a row in the index, so a pass over certificates leaves the network's row where it is. */
export interface CertificateWorkItem extends CertificateWork {
  /** The application of the last order; null: not known. */
  readonly app: { readonly serverId: string; readonly appId: string } | null;
  /** When the last message comes that a pass over these certificates has sent for the next one; null: none has. */
  readonly messageAt: number | null;
}

export const freshCertificateWork: CertificateWorkItem = {
  ...released,
  app: null,
  messageAt: null,
  orders: [],
  ordered: [],
  suspects: [],
};
