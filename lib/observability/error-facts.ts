/** The parts of an error that may be logged. */
export interface ErrorFacts {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  /** Names and codes of the causes, outermost first. Their messages are left out, because they may quote another system. */
  readonly causes?: readonly string[];
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A parser's message quotes what it could not read, which may be a secret or a person's address. */
function messageOf(error: Error): string {
  return error instanceof SyntaxError ? 'Something did not parse (its text is not shown)' : error.message;
}

/** Only the frames: the first lines of a stack repeat the message. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  // A chain of causes may be circular, so only the first few are read.
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    const code = codeOf(cause);
    causes.push(code === undefined ? cause.name : `${cause.name} ${code}`);
  }
  return causes;
}

export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: 'NotAnError', message: `A ${typeof error} was thrown` };
  const code = codeOf(error);
  const causes = causesOf(error);
  const stack = framesOf(error);
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: messageOf(error),
    ...(stack === '' ? {} : { stack }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}
