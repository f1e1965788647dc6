import { z } from 'zod';

/** What CloudFormation would put in place of a resource: `Ref` and the attribute `Arn`. */
export interface ResourceValues {
  readonly ref: string;
  readonly arn: string;
}

const refSchema = z.strictObject({ Ref: z.string() });
const getAttSchema = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/** The logical id a `Ref` or `GetAtt … Arn` points at; undefined for anything else. */
export function referredId(value: unknown): string | undefined {
  const ref = refSchema.safeParse(value);
  if (ref.success) return ref.data.Ref;
  const getAtt = getAttSchema.safeParse(value);
  return getAtt.success ? getAtt.data['Fn::GetAtt'][0] : undefined;
}

/** A value of serverless.yml as text, references looked up among the resources that exist on this machine. */
export function resolveValue(value: unknown, resources: ReadonlyMap<string, ResourceValues>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const id = referredId(value);
  const found = id === undefined ? undefined : resources.get(id);
  if (found === undefined) throw new Error(`No such thing on one machine: ${JSON.stringify(value)}`);
  return refSchema.safeParse(value).success ? found.ref : found.arn;
}
