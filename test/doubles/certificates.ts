import type { CertificateHosting, CertificateOrigin, SslMode } from '../../lib/sync/ledger/runcloud-ports.ts';

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
  /** How those came to be, where it is not by an order of the relay. */
  readonly origins: Map<number | undefined, CertificateOrigin>;
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
  const origins = new Map<number | undefined, CertificateOrigin>();
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
    origins,
    turnTo: (next) => {
      mode = next;
    },
    mode: () => calling({ op: 'mode' }, () => mode),
    serverAddress: () => calling({ op: 'address' }, () => address),
    find: (domainId) =>
      calling({ op: 'find', domainId }, () => {
        const id = installed.get(domainId);
        return id === undefined ? undefined : { id, origin: origins.get(domainId) ?? 'http-01' };
      }),
    install: (domainId) =>
      calling({ op: 'install', domainId }, () => {
        installed.set(domainId, ++lastId);
        origins.delete(domainId);
      }),
    redeploy: (sslId, domainId) =>
      calling({ op: 'redeploy', domainId, sslId }, () =>
        installed.get(domainId) === sslId ? 'ordered' : 'gone',
      ),
  };
}
