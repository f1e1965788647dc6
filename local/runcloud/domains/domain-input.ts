import { flagIn, oneOf } from '../http/input.ts';
import type { DomainType, Redirection } from '../state/state.ts';

interface DomainInput {
  readonly name: string;
  readonly type: DomainType;
  readonly www: boolean;
  readonly redirection: Redirection;
}

const hostName = /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d]([a-z\d-]{0,61}[a-z\d])$/;

/** What a new domain is asked to be; only `name` is required. */
export function domainInput(
  input: Readonly<Record<string, unknown>>,
): DomainInput | { readonly errors: Record<string, string> } {
  const { name } = input;
  const type = oneOf(['alias', 'primary', 'redirect'], input.type ?? 'alias');
  const redirection = oneOf(['none', 'www', 'non-www'], input.redirection ?? 'none');
  const www = flagIn(input.www ?? false);
  const errors: Record<string, string> = {};
  if (name === undefined || name === '') errors.name = 'The name field is required.';
  else if (typeof name !== 'string' || !hostName.test(name.toLowerCase())) {
    errors.name = 'The name format is invalid.';
  }
  if (type === undefined) errors.type = 'The selected type is invalid.';
  if (redirection === undefined) errors.redirection = 'The selected redirection is invalid.';
  if (www === undefined) errors.www = 'The www field must be true or false.';
  const faulty = Object.keys(errors).length > 0;
  if (faulty || typeof name !== 'string' || !type || !redirection || www === undefined) return { errors };
  return { name: name.toLowerCase(), type, redirection, www };
}
