import { stripVTControlCharacters } from 'node:util';
import type { Io } from '../io.ts';

/** Text that is shown again and again in its place; without a terminal, only where it has changed. */
export interface Screen {
  show(text: string): void;
}

/** Of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/** Cut to the terminal, so that one line is one row and can be found again. */
function fitted(line: string, columns: number): string {
  const visible = stripVTControlCharacters(line);
  return visible.length < columns ? line : `${visible.slice(0, columns - 2)}…`;
}

export function screen({ stdout }: Pick<Io, 'stdout'>): Screen {
  let before: string | undefined;
  let rows = 0;
  return {
    show: (text) => {
      if (text === before) return;
      before = text;
      if (stdout.isTTY !== true) {
        stdout.write(`${text}\n`);
        return;
      }
      const lines = text.split('\n').map((line) => fitted(line, stdout.columns || USUAL_COLUMNS));
      const back = rows === 0 ? '' : `\u001b[${rows}A`;
      stdout.write(`${back}\u001b[0J${lines.join('\n')}\n`);
      rows = lines.length;
    },
  };
}
