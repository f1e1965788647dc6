import { type ErrorCode, type FailureKind, RelayError } from '../errors.ts';

/** What is wrong with one key of a secret, in words that go on after its name ("is missing"). Never its value. */
export interface SecretFault {
  readonly key: string;
  readonly message: string;
}

/** A network's secret cannot be used as it is. It concerns that network only, until its owner fixes it. */
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
