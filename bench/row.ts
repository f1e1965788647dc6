export type Unit = 'ratio' | 'count' | 'KB' | 'USD';

/** One figure and the goal that it must not exceed. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  /** The most that the value may be. */
  readonly goal: number;
  readonly unit: Unit;
  /** Of a missed goal: what it cannot go below, and what takes the rest. */
  readonly limit?: string;
}

/** Each file of bench/rows exports one of these as `measure`. */
export type Measure = () => Promise<readonly Row[]>;

export function isMet({ value, goal }: Row): boolean {
  return value <= goal;
}

/** Time varies between machines and runs. A count, a size and a price made of counts are the same everywhere. */
export function isCounted({ unit }: Row): boolean {
  return unit !== 'ratio';
}
