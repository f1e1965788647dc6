import { normalizeDomain } from '../lib/webhook/domain-name.ts';
import { BadUsage } from './errors.ts';

/** A domain as an argument, in its normal form. `what` names the argument in the error, `undone` what has not happened. */
export function checkedDomain(text: string, what: string, undone = ''): string {
  const name = normalizeDomain(text);
  if (name.ok) return name.domain;
  const message = name.message.charAt(0).toLowerCase() + name.message.slice(1);
  throw new BadUsage(`${what} is not valid: it ${message}.${undone === '' ? '' : ` ${undone}.`}`);
}
