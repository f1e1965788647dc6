/** A fault of one field; `path` is '' for the body as a whole. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export type BadEventType = 'not-json' | 'bad-shape' | 'wrong-type' | 'bad-domain' | 'too-new' | 'too-old';

/** An authenticated event that is invalid. Its issues are for the sender: they name fields, never values. */
export class BadEvent extends Error {
  override readonly name = 'BadEvent';
  readonly type: BadEventType;
  readonly issues: readonly Issue[];

  constructor(type: BadEventType, issues: readonly Issue[]) {
    super(`The event is refused: ${type}`);
    this.type = type;
    this.issues = issues;
  }
}
