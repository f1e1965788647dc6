import { CommandFailed } from '../errors.ts';

/** A network without a secret, which the relay does not serve. */
export class NoNetwork extends CommandFailed {
  override readonly name = 'NoNetwork';

  constructor(network: string) {
    super(`There is no network ${network}: relay network list shows all.`);
  }
}
