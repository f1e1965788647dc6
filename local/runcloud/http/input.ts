/** A flag as RunCloud takes it: true, false, 1 or 0. Undefined: none of these. */
export function flagIn(value: unknown): boolean | undefined {
  if (value === true || value === 1) return true;
  return value === false || value === 0 ? false : undefined;
}

export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

export function inputOf(body: string): Readonly<Record<string, unknown>> | undefined {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
      ? Object.fromEntries(Object.entries(parsed))
      : undefined;
  } catch {
    return undefined;
  }
}

/** What may be shown of an input: no key material. */
export function withoutSecrets(input: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(input).filter(([key]) => !['privateKey', 'certificate'].includes(key)),
  );
}
