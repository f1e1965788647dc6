import type { Focus } from './focuses.ts';

/** A fault put into the code on purpose: the simulator must find it, or it proves nothing. */
export interface Plant {
  readonly name: string;
  readonly focus: Focus;
  /** What the simulator must say of it: that anything is broken would prove little. */
  readonly breaks: RegExp;
  /** By file. */
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

export interface Edit {
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}
