import type { CertificateHosting, SslMode } from '../../lib/sync/ledger/ports.ts';

export type CertificateCall =
  | { readonly op: 'mode' }
  | { readonly op: 'address' }
  | { readonly op: 'find' | 'install'; readonly domainId: number | undefined }
  | { readonly op: 'redeploy'; readonly domainId: number | undefined; readonly sslId: number };

export interface MemoryCertificatesOptions {
  readonly mode?: SslMode;
  readonly address?: string | undefined;
  /** Before anything is done: to count, to wait, or to fail by throwing. */
  readonly onCall?: (call: CertificateCall) => Promise<void>;
  /** After it is done: throwing here loses the answer of something that has happened. */
  readonly onDone?: (call: CertificateCall) => Promise<void>;
}

export interface MemoryCertificates extends CertificateHosting {
  /** Ids by domain; undefined is the application's own. A test may change it like an operator in RunCloud's panel. */
  readonly installed: Map<number | undefined, number>;
  turnTo(mode: SslMode): void;
}

/** The certificates of one web application without RunCloud: which are installed, not what they cover. */
export function memoryCertificates({
  mode: first = 'basic',
  address = '203.0.113.10',
  onCall,
  onDone,
}: MemoryCertificatesOptions = {}): MemoryCertificates {
  const installed = new Map<number | undefined, number>();
  let mode = first;
  let lastId = 100;

  const calling = async <T>(call: CertificateCall, act: () => T): Promise<T> => {
    await onCall?.(call);
    const result = act();
    await onDone?.(call);
    return result;
  };

  return {
    installed,
    turnTo: (next) => {
      mode = next;
    },
    mode: () => calling({ op: 'mode' }, () => mode),
    serverAddress: () => calling({ op: 'address' }, () => address),
    find: (domainId) => calling({ op: 'find', domainId }, () => installed.get(domainId)),
    install: (domainId) =>
      calling({ op: 'install', domainId }, () => {
        installed.set(domainId, ++lastId);
      }),
    redeploy: (sslId, domainId) =>
      calling({ op: 'redeploy', domainId, sslId }, () =>
        installed.get(domainId) === sslId ? 'ordered' : 'gone',
      ),
  };
}
