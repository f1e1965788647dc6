import { z } from 'zod';
import type { Template } from './template.ts';

const noValue = 'AWS::NoValue';
const refSchema = z.strictObject({ Ref: z.string() });
const ifSchema = z.strictObject({ 'Fn::If': z.tuple([z.string(), z.unknown(), z.unknown()]) });
const conditionSchema = z.union([
  z.strictObject({ Condition: z.string() }),
  z.strictObject({ 'Fn::Equals': z.tuple([z.unknown(), z.unknown()]) }),
  z.strictObject({ 'Fn::Not': z.tuple([z.unknown()]) }),
  z.strictObject({ 'Fn::And': z.array(z.unknown()) }),
  z.strictObject({ 'Fn::Or': z.array(z.unknown()) }),
]);

function isNoValue(value: unknown): boolean {
  const ref = refSchema.safeParse(value);
  return ref.success && ref.data.Ref === noValue;
}

/** The template as CloudFormation reads it with these parameters: conditions decided, everything else as it was. */
export function resolved(template: Template, parameters: Readonly<Record<string, string>> = {}): Template {
  const { Conditions, Parameters, Resources } = template;

  const text = (value: unknown): unknown => {
    const ref = refSchema.safeParse(value);
    if (!ref.success) return value;
    return parameters[ref.data.Ref] ?? Parameters[ref.data.Ref]?.Default;
  };
  const holds = (condition: unknown): boolean => {
    const parsed = conditionSchema.parse(condition);
    if ('Condition' in parsed) return holds(Conditions[parsed.Condition]);
    if ('Fn::Equals' in parsed) return text(parsed['Fn::Equals'][0]) === text(parsed['Fn::Equals'][1]);
    if ('Fn::Not' in parsed) return !holds(parsed['Fn::Not'][0]);
    if ('Fn::And' in parsed) return parsed['Fn::And'].every(holds);
    return parsed['Fn::Or'].some(holds);
  };
  const decided = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(decided).filter((one) => !isNoValue(one));
    if (typeof value !== 'object' || value === null) return value;
    const choice = ifSchema.safeParse(value);
    if (choice.success) {
      const [name, then, otherwise] = choice.data['Fn::If'];
      return decided(holds(Conditions[name]) ? then : otherwise);
    }
    const entries = Object.entries(value).map(([key, one]) => [key, decided(one)] as const);
    return Object.fromEntries(entries.filter(([, one]) => !isNoValue(one)));
  };

  const kept = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || holds(Conditions[Condition]),
  );
  return {
    ...template,
    Resources: Object.fromEntries(
      kept.map(([id, resource]) => [
        id,
        { ...resource, Properties: z.record(z.string(), z.unknown()).parse(decided(resource.Properties)) },
      ]),
    ),
  };
}
