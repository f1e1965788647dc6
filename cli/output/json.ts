import type { Io } from '../io.ts';

/** The one document of `--json`. */
export function printJson({ stdout }: Pick<Io, 'stdout'>, document: unknown): void {
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
