import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { normalizeDomain } from '../../../lib/webhook/domain-name.ts';
import { type Column, type ListedFields, toListed } from './list-fields.ts';

/** A domain that a list names. */
export interface ListedDomain extends ListedFields {
  readonly domain: string;
  readonly line: number;
}

export interface LineFault {
  readonly line: number;
  readonly message: string;
}

export interface DomainList {
  readonly domains: readonly ListedDomain[];
  readonly faults: readonly LineFault[];
  /** Lines that say the same as one before. */
  readonly repeated: number;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const recordsSchema = z.array(z.array(z.string()));

/** The fields of one line, none of a blank one. Undefined: it is no CSV. */
function cellsOf(line: string): readonly string[] | undefined {
  try {
    const records: unknown = parse(line, {
      // A spreadsheet writes semicolons where the comma is part of a number.
      delimiter: [',', ';'],
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return recordsSchema.parse(records)[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Each line is read by itself: no field holds a line break, and a quote without its end spoils no other line. */
function rowsOf(text: string): { readonly rows: readonly Row[]; readonly faults: readonly LineFault[] } {
  const rows: Row[] = [];
  const faults: LineFault[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const cells = cellsOf(content);
    if (cells === undefined) faults.push({ line, message: 'Is no CSV: a quote is missing or misplaced' });
    else if (cells.length > 0) rows.push({ line, cells });
  }
  return { rows, faults };
}

const columns: readonly Column[] = ['domain', 'siteId', 'domainId', 'www', 'native'];

/** What each field of a row is; `undefined`: the first row is no header. */
function headerOf(cells: readonly string[]): readonly (Column | undefined)[] | undefined {
  const named = cells.map((cell) => columns.find((column) => column.toLowerCase() === cell.toLowerCase()));
  return named.includes('domain') ? named : undefined;
}

function headerFaults(header: readonly (Column | undefined)[], line: number): LineFault[] {
  return header.flatMap((column, index) => {
    if (column === undefined) {
      return [{ line, message: `Column ${index + 1} is none of ${columns.join(', ')}` }];
    }
    return header.indexOf(column) < index ? [{ line, message: `Names the column ${column} twice` }] : [];
  });
}

function sameTwice(a: ListedDomain, b: ListedDomain): boolean {
  return JSON.stringify({ ...a, line: 0 }) === JSON.stringify({ ...b, line: 0 });
}

/** The domains of a CSV file with a header, or of one name per line. Every fault is found, each with its line. */
export function readList(text: string): DomainList {
  const { rows, faults: unparsed } = rowsOf(text);
  const [first] = rows;
  const header = first === undefined ? undefined : headerOf(first.cells);
  const faults = [...unparsed];
  if (header !== undefined && first !== undefined) faults.push(...headerFaults(header, first.line));
  if (faults.length > unparsed.length) return { domains: [], faults, repeated: 0 };

  const found = new Map<string, ListedDomain>();
  let repeated = 0;
  for (const { line, cells } of header === undefined ? rows : rows.slice(1)) {
    const row = toListed(cells, header ?? ['domain']);
    const name = normalizeDomain(row.domain);
    if (row.fault !== undefined || !name.ok) {
      faults.push({ line, message: row.fault ?? (name.ok ? '' : name.message) });
      continue;
    }
    const listed = { ...row.fields, domain: name.domain, line };
    const before = found.get(name.domain);
    if (before === undefined) found.set(name.domain, listed);
    else if (sameTwice(before, listed)) repeated += 1;
    else faults.push({ line, message: `Says something else about the domain of line ${before.line}` });
  }
  faults.sort((a, b) => a.line - b.line);
  return { domains: [...found.values()], faults, repeated };
}
