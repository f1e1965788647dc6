import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

/** A row of a table: its cells, and the heading it stands under. */
interface Row {
  readonly heading: string;
  readonly cells: readonly string[];
}

/** A page of the project, as far as tests read Markdown. */
export interface Page {
  /** Below the project's root. */
  readonly path: string;
  readonly text: string;
  readonly headings: readonly string[];
  /** Targets of links, as they are written. */
  readonly links: readonly string[];
  /** What stands between backticks. */
  readonly code: readonly string[];
  readonly shell: readonly string[];
  readonly rows: readonly Row[];
}

const FENCE = /^ *```(\w*)\n([\s\S]*?)^ *```$/gm;

export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

export function toPage(path: string, text: string): Page {
  const prose = text.replace(FENCE, '');
  const headings: string[] = [];
  const rows: Row[] = [];
  for (const line of prose.split('\n')) {
    const [, title] = /^#+ (.+)$/.exec(line) ?? [];
    if (title !== undefined) headings.push(title);
    if (line.startsWith('|')) rows.push({ heading: headings.at(-1) ?? '', cells: cellsOf(line) });
  }
  return {
    path,
    text,
    headings,
    rows,
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
    code: codeIn(prose),
    shell: [...text.matchAll(FENCE)].flatMap(([, language, block = '']) =>
      language === 'sh' ? [block] : [],
    ),
  };
}

export function readPage(path: string): Page {
  return toPage(path, readFileSync(join(root, path), 'utf8'));
}

/** All pages for readers. */
export const pages: readonly Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'events/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
].map(readPage);

/** A heading as it is read. */
export function plain(heading: string): string {
  return heading.replaceAll('`', '');
}

/** What GitHub makes of a heading for links to it. */
export function anchorOf(heading: string): string {
  return plain(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
