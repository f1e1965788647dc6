/** A function threw, or was stopped at its timeout. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
  /** The name of the error it threw; `LambdaTimeoutError` at its timeout. */
  readonly thrown: string;
  constructor(thrown: string) {
    super(`The function failed with ${thrown}`);
    this.thrown = thrown;
  }
}
