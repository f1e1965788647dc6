/** A command that did not end well, told in one sentence with the next step. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed';
  readonly exitCode: number = 1;
}

/** The command line itself is wrong. Its message never quotes what could be a secret. */
export class BadUsage extends CommandFailed {
  override readonly name = 'BadUsage';
  override readonly exitCode = 2;
}

/** Ctrl-C, or SIGTERM. */
export class Interrupted extends CommandFailed {
  override readonly name = 'Interrupted';
  constructor(message = 'Stopped.') {
    super(message);
  }
}
