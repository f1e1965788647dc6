import type { Unavailable } from '../../../errors.ts';

/** Reports work that waits for the sweep because the ledger, a queue or a secret is out of reach. */
export type ReportDeferred = (
  work: { readonly network: string; readonly domain?: string | undefined },
  error: Unavailable,
) => void;
