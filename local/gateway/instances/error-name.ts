import { FunctionFailed } from './function-failed.ts';

/** What may be shown of an error in another library's code: its message may quote what it was given. */
export function errorName(error: unknown): string {
  if (error instanceof FunctionFailed) return error.thrown;
  if (!(error instanceof Error)) return typeof error;
  return error.name === 'Error' ? error.constructor.name : error.name;
}
