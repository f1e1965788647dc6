import { table } from '../cli/output/table.ts';
import { isMet, type Row, type Unit } from './row.ts';

const written: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: (value) => value.toFixed(2),
  count: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)),
  KB: (value) => `${value.toFixed(1)} KB`,
  USD: (value) => `$${value.toFixed(2)}`,
};

function resultOf(row: Row): string {
  if (isMet(row)) return 'met';
  return row.limit === undefined ? 'missed' : `missed: ${row.limit}`;
}

/** All figures, one a line. */
export function report(rows: readonly Row[]): string {
  return table(
    ['MEASURE', 'VALUE', 'GOAL', 'RESULT'],
    rows.map((row) => {
      const write = written[row.unit];
      return [row.measure, write(row.value), `≤ ${write(row.goal)}`, resultOf(row)];
    }),
  );
}
