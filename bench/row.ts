export type Unit = 'ratio' | 'count' | 'KB' | 'USD';

/** One figure and the goal that it must not exceed. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  /** The most that the value may be. */
  readonly goal: number;
  readonly unit: Unit;
  /** Of a goal that may be missed: why, and how far. */
  readonly limit?: Limit;
}

/** What a missed goal is held to instead, so that it grows no further unseen. */
export interface Limit {
  readonly bound: number;
  /** What the value cannot go below, and what takes the rest. */
  readonly why: string;
}

/** Each file of bench/rows exports one of these as `measure`. */
export type Measure = () => Promise<readonly Row[]>;

export function isMet({ value, goal }: Row): boolean {
  return value <= goal;
}

/** Whether a row is met, or its missed goal is explained and within its bound. */
export function isHeld(row: Row): boolean {
  return isMet(row) || (row.limit !== undefined && row.value <= row.limit.bound);
}

/** Time varies between machines and runs. A count, a size and a price made of counts are the same everywhere. */
export function isCounted({ unit }: Row): boolean {
  return unit !== 'ratio';
}
