/** In the order of the report: later checks depend on earlier ones. */
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

/** The result of one check, in words for an operator. Never a secret, a token or a body. */
export interface Finding {
  readonly state: CheckState;
  readonly detail: string;
  /** What to do about it; null if there is nothing to do. */
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

/** Joins remarks about one thing into one warning; ok without remarks. */
export function remarked(detail: string, remarks: readonly Finding[]): Finding {
  if (remarks.length === 0) return ok(detail);
  const fixes = remarks.flatMap(({ fix }) => (fix === null ? [] : [fix]));
  return warning(
    [detail, ...remarks.map((remark) => remark.detail)].join('. '),
    fixes.length === 0 ? null : fixes.join('. '),
  );
}
