import type { ErrorCode } from '../../../errors.ts';
import type { CertificateWork } from './certificate-work-item.ts';
import { type Lease, released } from './lease.ts';
import type { PauseMoment } from './outcome-item.ts';

/** Port 443 of the server does not answer handshakes. */
export interface Silence {
  /** Null: it has answered since. */
  readonly since: number | null;
  /** How often RunCloud was asked what is installed there, and when it may be asked again. */
  readonly asks: number;
  readonly askAt: number;
}

/** How many names one web application serves. */
export interface NameCount {
  readonly names: number;
  readonly countedAt: number;
  readonly serverId: string;
  readonly appId: string;
}

/** Why a network is paused, and when one of its domains may probe. */
export interface Pause {
  readonly code: ErrorCode;
  readonly message: string;
  readonly since: string;
  readonly probeAt: number;
  /** The cause that its readers were told last, and when. Left out: the one that it has. */
  readonly told?: { readonly code: ErrorCode; readonly message: string; readonly at: number };
}

/** Only an operator ends this pause: no probe can show that an old ledger is right again. */
export function isRestoredPause(pause: Pick<Pause, 'code'> | null): boolean {
  return pause?.code === 'ledger-restored';
}

/** A failure that pauses the network only when a second domain meets it. */
export interface Suspicion {
  readonly code: ErrorCode;
  readonly domain: string;
}

export interface NetworkClaim {
  readonly serverId: string;
  readonly appId: string;
  readonly renewedAt: number;
  /** When the secret that named this application was read: of two that differ, the later one counts. */
  readonly readAt: number;
}

/** How many names there are, and the first few of them. */
export interface NameList {
  readonly count: number;
  readonly names: readonly string[];
}

/** Where RunCloud's list and the ledger differed when they were last compared. */
export interface Drift {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Wanted and served before, but gone from RunCloud. */
  readonly missing: NameList;
  /** Removed by the multisite, and there again. */
  readonly unwanted: NameList;
  /** Never announced by the multisite. */
  readonly unknown: NameList;
  /** What is missing was only reported. */
  readonly dryRun: boolean;
}

export interface NetworkItem extends Lease {
  readonly network: string;
  readonly pause: Pause | null;
  /** The restored table (its id) in which an operator has resumed this network; null: none. */
  readonly resumedIn: string | null;
  readonly suspicion: Suspicion | null;
  /** Since when RunCloud has answered this network with nothing but 429. */
  readonly limitedSince: number | null;
  /** First passes read too: the network is being announced again, so most names are there already. */
  readonly readsFirst: boolean;
  /** RunCloud was seen to refuse a name that was there already, and not to hold one twice since. */
  readonly refusesDuplicates: boolean;
  /** When the reading of a list began that shows every name of the application in one row; null: the last complete one does not. */
  readonly singleRowsAt: number | null;
  /** The web application this network last claimed. */
  readonly claim: NetworkClaim | null;
  /** DELETEs of the last hour: how many began in each minute (minutes since the epoch). */
  readonly removals: readonly { readonly minute: number; readonly count: number }[];
  /** POSTs, counted alike. */
  readonly additions: readonly { readonly minute: number; readonly count: number }[];
  /** All domains of the network are being made due: why, and the last name done. */
  readonly requeue: {
    readonly reason: 'resumed' | 'moved';
    readonly cursor: string | null;
    /** When the network left an application: passes that began there may have ended since. Left out: it has left none, or an older version began this. */
    readonly movedAt?: number;
  } | null;
  /** Names that the requeue has passed while their items were out of reach. */
  readonly requeueSkipped: readonly string[];
  /**
   * When RunCloud's list is to be compared with the ledger, and since when a comparison is half done (how far it came
   * is in the item `comparison`). Null: no application has been claimed yet.
   */
  readonly comparison: { readonly dueAt: number; readonly begunAt: number | null } | null;
  /** What the last comparison found. */
  readonly drift: Drift | null;
  /** The worker that reads a list of many pages; until then no other begins one. `readyAt`: when it has probably read it. */
  readonly lister: { readonly owner: string; readonly until: number; readonly readyAt: number | null } | null;
  /** The list that the ledger holds: when its reading began and ended. `doneAt` null: it goes on in another call. */
  readonly listing: { readonly begunAt: number; readonly doneAt: number | null } | null;
  /** The server's address according to RunCloud. */
  readonly server: { readonly serverId: string; readonly address: string; readonly readAt: number } | null;
  /** As 0.1.0 kept it, until a pass over certificates takes it over into its own item. */
  readonly certificates: CertificateWork | null;
  /** When the certificates' worker is to get a message: one was refused by a lease that ends then. Null: none was. */
  readonly certificatesAt: number | null;
  /** The application's names when they were last counted, if they were too many for one certificate. */
  readonly tooManyNames: NameCount | null;
  readonly silence: Silence | null;
  /** Pauses that began, have another cause or ended, and are still to be posted. */
  readonly toSend: readonly PauseMoment[];
  /** The last of them, told or not. Left out: there was none, or an older version wrote it. */
  readonly momentAt?: number;
  readonly revision: number;
  readonly dueAt: number | null;
  readonly sendAt: number | null;
}

/** A network without any work yet. */
export function freshNetwork(network: string): NetworkItem {
  return {
    network,
    pause: null,
    resumedIn: null,
    suspicion: null,
    limitedSince: null,
    readsFirst: false,
    refusesDuplicates: false,
    singleRowsAt: null,
    claim: null,
    removals: [],
    additions: [],
    requeue: null,
    requeueSkipped: [],
    comparison: null,
    drift: null,
    lister: null,
    listing: null,
    server: null,
    certificates: null,
    certificatesAt: null,
    tooManyNames: null,
    silence: null,
    toSend: [],
    revision: 0,
    dueAt: null,
    sendAt: null,
    ...released,
  };
}
