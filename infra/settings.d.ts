export function isSet(value: unknown): boolean;
export function settingFaults(
  values: Readonly<Record<string, unknown>>,
  region: string | undefined,
): readonly string[];
