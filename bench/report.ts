import { table } from '../cli/output/table.ts';
import { isHeld, isMet, type Row, type Unit } from './row.ts';

const written: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: (value) => value.toFixed(2),
  count: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)),
  KB: (value) => `${value.toFixed(1)} KB`,
  USD: (value) => `$${value.toFixed(2)}`,
};

function resultOf(row: Row): string {
  if (isMet(row)) return 'met';
  if (row.limit === undefined) return 'missed';
  return `${isHeld(row) ? 'missed' : 'missed, and over its bound'}: ${row.limit.why}`;
}

/** All figures, one a line. */
export function report(rows: readonly Row[]): string {
  return table(
    ['MEASURE', 'VALUE', 'GOAL', 'BOUND', 'RESULT'],
    rows.map((row) => {
      const write = written[row.unit];
      const bound = row.limit === undefined ? '' : `≤ ${write(row.limit.bound)}`;
      return [row.measure, write(row.value), `≤ ${write(row.goal)}`, bound, resultOf(row)];
    }),
  );
}
