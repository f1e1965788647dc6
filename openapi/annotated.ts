/** A JSON Schema, as plain data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What the document says about a property beside its shape: a description, a format, the one value it may have. */
export type Notes = Readonly<Record<string, JsonSchema>>;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withNote(schema: JsonSchema, path: readonly string[], note: JsonSchema): JsonSchema {
  const [name, ...rest] = path;
  if (name === undefined) return { ...schema, ...note };
  const { properties } = schema;
  const property = isSchema(properties) ? properties[name] : undefined;
  if (!isSchema(property)) throw new Error(`No property ${name} to say something about`);
  return { ...schema, properties: { ...Object(properties), [name]: withNote(property, rest, note) } };
}

/** Adds keywords at dotted paths of properties. Throws for a path that the schema does not have. */
export function annotated(schema: JsonSchema, notes: Notes): JsonSchema {
  return Object.entries(notes).reduce(
    (noted, [path, note]) => withNote(noted, path.split('.'), note),
    schema,
  );
}
