/** In the order in which they are answered: each leans on those before it. */
export const checkNames = [
  'secret',
  'token',
  'server',
  'web-app',
  'domains',
  'certificates',
  'wildcard',
] as const;
export type CheckName = (typeof checkNames)[number];

export type CheckState = 'ok' | 'warning' | 'failed' | 'not-answered' | 'skipped';

/** What one check came to, in words for an operator. Never a secret, a token or a body. */
export interface Finding {
  readonly state: CheckState;
  readonly detail: string;
  /** What to do about it; null where there is nothing to be done. */
  readonly fix: string | null;
}

export interface Check extends Finding {
  readonly name: CheckName;
}

export function ok(detail: string): Finding {
  return { state: 'ok', detail, fix: null };
}

export function warning(detail: string, fix: string | null): Finding {
  return { state: 'warning', detail, fix };
}

export function failed(detail: string, fix: string): Finding {
  return { state: 'failed', detail, fix };
}

export function notAnswered(detail: string, fix: string): Finding {
  return {
    state: 'not-answered',
    detail,
    fix,
  };
}

export function skipped(dependsOn: CheckName): Finding {
  return {
    state: 'skipped',
    detail: `Not tried, since the check "${dependsOn}" has not passed`,
    fix: null,
  };
}

export function passed({ state }: Finding): boolean {
  return state === 'ok' || state === 'warning';
}

/** Several remarks about one thing: a warning if there is any, with all that is to be said and done. */
export function remarked(detail: string, remarks: readonly Finding[]): Finding {
  if (remarks.length === 0) return ok(detail);
  const fixes = remarks.flatMap(({ fix }) => (fix === null ? [] : [fix]));
  return warning(
    [detail, ...remarks.map((remark) => remark.detail)].join('. '),
    fixes.length === 0 ? null : fixes.join('. '),
  );
}
