import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal that wants them (https://no-color.org), plain text elsewhere. */
export function painter(
  stream: Pick<WriteStream, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const colours = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text);
}
