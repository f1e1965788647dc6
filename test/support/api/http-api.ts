function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path parameters that an HTTP API finds, by a template as in serverless.yml; undefined: it is not that route. */
export function pathParametersIn(template: string, path: string): Record<string, string> | undefined {
  const { groups } = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path) ?? {};
  return groups && Object.fromEntries(Object.entries(groups).map(([name, part]) => [name, decoded(part)]));
}

/** An HTTP API joins what is repeated with commas. */
export function joined(pairs: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}
