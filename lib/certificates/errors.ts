import { type ErrorCode, type FailureKind, RelayError } from '../errors.ts';

/** RunCloud does not say how this application's certificates are made; an order in the wrong mode spends limits. */
export class SslModeUnknown extends RelayError {
  override readonly name = 'SslModeUnknown';
  override readonly code: ErrorCode = 'runcloud-refused';
  override readonly failure: FailureKind = 'passing';
}

/** Without the server's address the relay cannot tell whether a name points at it. */
export class ServerAddressUnknown extends RelayError {
  override readonly name = 'ServerAddressUnknown';
  override readonly code: ErrorCode = 'runcloud-unavailable';
  override readonly failure: FailureKind = 'passing';

  constructor(serverId: string) {
    super(`RunCloud tells no address of server ${serverId}; name it in SERVER_ADDRESSES`);
  }
}

/** RunCloud does not know the certificate that it has shown just before. */
export class CertificateUnknown extends RelayError {
  override readonly name = 'CertificateUnknown';
  override readonly code: ErrorCode = 'runcloud-not-found';
  override readonly failure: FailureKind = 'refused';

  constructor(sslId: number) {
    super(`RunCloud shows a certificate, and does not know certificate ${sslId} when it is to be redeployed`);
  }
}

/** RunCloud took the order, but no handshake has shown its certificate in the time that it may need. */
export class OrderUnconfirmed extends RelayError {
  override readonly name = 'OrderUnconfirmed';
  override readonly code: ErrorCode = 'runcloud-unavailable';
  override readonly failure: FailureKind = 'passing';

  /** `said`: RunCloud's words when it took the order. */
  constructor(why: string, said: string | null = null) {
    const words = said === null ? '' : `. RunCloud said of the order: ${said}`;
    super(`RunCloud took the order, but it is not served: ${why}${words}`);
  }
}
