/** The numbers of one step. */
export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped?: number;
  /** What a person needs to see of a failure. */
  readonly output?: string;
}

export function sum(results: readonly StepResult[], key: 'passed' | 'failed' | 'skipped'): number {
  return results.reduce((total, result) => total + (result[key] ?? 0), 0);
}
