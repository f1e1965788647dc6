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

const recordsSchema = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

type Rows = z.infer<typeof recordsSchema>;

function rowsOf(text: string): Rows | LineFault {
  try {
    const rows: unknown = parse(text, {
      bom: true,
      // A spreadsheet writes semicolons where the comma is part of a number.
      delimiter: [',', ';'],
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return recordsSchema.parse(rows);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      line: z.number().catch(1).parse(error.lines),
      message: 'Is no CSV: a quote is missing or misplaced',
    };
  }
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
  const rows = rowsOf(text);
  if (!Array.isArray(rows)) return { domains: [], faults: [rows], repeated: 0 };
  const [first] = rows;
  const header = first === undefined ? undefined : headerOf(first.record);
  const faults = header === undefined || first === undefined ? [] : headerFaults(header, first.info.lines);
  if (faults.length > 0) return { domains: [], faults, repeated: 0 };

  const found = new Map<string, ListedDomain>();
  let repeated = 0;
  for (const { record, info } of header === undefined ? rows : rows.slice(1)) {
    const line = info.lines;
    const row = toListed(record, header ?? ['domain']);
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
  return { domains: [...found.values()], faults, repeated };
}
