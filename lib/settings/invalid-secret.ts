import { type ErrorCode, type FailureKind, RelayError } from '../errors.ts';

/** A fault of one key of a secret, worded to follow the key's name ("is missing"). Never holds its value. */
export interface SecretFault {
  readonly key: string;
  readonly message: string;
}

/** A network's secret is unusable. Only that network stops, until its owner fixes the secret. */
export class InvalidSecret extends RelayError {
  override readonly name = 'InvalidSecret';
  override readonly code: ErrorCode = 'secret-invalid';
  override readonly failure: FailureKind = 'network';
  /** The faulty keys; none if the secret as a whole cannot be read. */
  readonly keys: readonly string[];

  constructor(faults: string | readonly SecretFault[]) {
    super(
      typeof faults === 'string'
        ? `The secret ${faults}`
        : `The secret is faulty: ${faults.map(({ key, message }) => `${key} ${message}`).join('; ')}`,
    );
    this.keys = typeof faults === 'string' ? [] : [...new Set(faults.map(({ key }) => key))];
  }
}
