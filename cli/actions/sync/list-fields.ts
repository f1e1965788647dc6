export type Column = 'domain' | 'siteId' | 'domainId' | 'www' | 'native';

/** What a list says of a domain besides its name. */
export interface ListedFields {
  readonly siteId?: number;
  readonly domainId?: number;
  readonly www?: boolean;
  readonly native?: boolean;
}

export interface ReadRow {
  readonly domain: string;
  readonly fields: ListedFields;
  readonly fault?: string;
}

const yes = ['true', 'yes', '1'];
const no = ['false', 'no', '0'];

function flag(text: string): boolean | undefined {
  const value = text.toLowerCase();
  return yes.includes(value) ? true : no.includes(value) ? false : undefined;
}

function id(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** One row by its columns. An empty field says nothing. */
export function toListed(cells: readonly string[], header: readonly (Column | undefined)[]): ReadRow {
  let domain = '';
  let fields: ListedFields = {};
  if (cells.length > header.length) {
    return { domain, fields, fault: `Has ${cells.length} fields where ${header.length} are expected` };
  }
  for (const [index, cell] of cells.entries()) {
    const column = header[index];
    if (column === 'domain') domain = cell;
    if (column === undefined || column === 'domain' || cell === '') continue;
    const value = column === 'www' || column === 'native' ? flag(cell) : id(cell);
    if (value === undefined) {
      const form = column === 'www' || column === 'native' ? 'true or false' : 'a whole number';
      return { domain, fields, fault: `${column} must be ${form}` };
    }
    fields = { ...fields, [column]: value };
  }
  return { domain, fields };
}
