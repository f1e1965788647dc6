import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

/** What the code passes to a function at one place: text between quotes, or an expression. */
export interface Argument {
  readonly texts: readonly string[];
  /** The argument as it is written. */
  readonly source: string;
}

const sources: readonly string[] = ['functions', 'lib'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8')),
);

/** The arguments of a call whose opening bracket ends before `start`, cut at the commas between them. */
function argumentsAt(text: string, start: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let quote = '';
  let begin = start;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (/['"`]/.test(char)) quote = char;
    else if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char) && depth-- === 0) return [...found, text.slice(begin, at)];
    else if (char === ',' && depth === 0) {
      found.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  return found;
}

/** The argument at a place, of every call in the deployed code that the pattern finds up to its opening bracket. */
export function passedTo(call: RegExp, place: number): Argument[] {
  return sources.flatMap((text) =>
    [...text.matchAll(new RegExp(call, 'g'))].map((match) => {
      const source = (argumentsAt(text, match.index + match[0].length)[place] ?? '').trim();
      const texts = [...source.matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`/g)];
      return {
        source,
        texts: texts.map(([, single, double, template]) => single ?? double ?? template ?? ''),
      };
    }),
  );
}
