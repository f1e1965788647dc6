/** A line of the log, as CloudWatch Logs Insights sees it. */
export type Line = Readonly<Record<string, unknown>>;

interface Comparison {
  readonly field: string;
  readonly operator: string;
  /** Texts and numbers as JSON, a pattern between slashes. */
  readonly value: string;
}

const COMPARISON = /^(@?\w+) (=|>=|in|like) ("[^"]*"|\d+|\[(?:"[^"]*"(?:, )?)+\]|\/[^/]+\/)(?: and |$)/;

/** The comparisons of a query's `filter`, which the pages join with `and` alone. Throws for any other query. */
export function comparisonsIn(query: string): Comparison[] {
  const [filter = '', ...stages] = query.split(' | ');
  if (!filter.startsWith('filter ') || stages.some((stage) => !stage.startsWith('stats ')))
    throw new Error(`No filter: ${query}`);
  const found: Comparison[] = [];
  for (let rest = filter.slice('filter '.length); rest !== ''; ) {
    const [all, field = '', operator = '', value = ''] = COMPARISON.exec(rest) ?? [];
    if (all === undefined) throw new Error(`Not understood: ${rest}`);
    found.push({ field, operator, value });
    rest = rest.slice(all.length);
  }
  return found;
}

/** The texts that a comparison names. */
export function textsOf({ value }: Comparison): string[] {
  return [...value.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
}

function holds(comparison: Comparison, found: unknown): boolean {
  const texts = textsOf(comparison);
  if (comparison.operator === '>=') return typeof found === 'number' && found >= Number(comparison.value);
  if (typeof found !== 'string') return false;
  return comparison.operator === 'like' ? texts.every((text) => found.includes(text)) : texts.includes(found);
}

/** Whether Insights would show this line. */
export function finds(query: string, line: Line): boolean {
  return comparisonsIn(query).every((comparison) => holds(comparison, line[comparison.field]));
}
