import { CommandFailed } from '../errors.ts';

/** The relay has refused this one call, and will refuse it again. */
export class Refused extends CommandFailed {
  override readonly name = 'Refused';
  /** The problem's type, or the HTTP status where there is none. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** No call of this network can succeed now: out of reach, or not admitted. */
export class RelayUnusable extends CommandFailed {
  override readonly name = 'RelayUnusable';
}
