import { InvalidArgumentError } from 'commander';

/** A whole number of minutes, at most a day. */
export function minutes(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= 1_440))
    throw new InvalidArgumentError('It must be a whole number of minutes, at most 1440.');
  return count;
}
