import { z } from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((ids) => [ids].flat()),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.string().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
});

/** A template of CloudFormation, as far as a reader of it needs. */
export type Template = z.infer<typeof templateSchema>;
export type Properties = Template['Resources'][string]['Properties'];

export function parseTemplate(text: string): Template {
  return templateSchema.parse(JSON.parse(text));
}

/** All resources of one type, by logical id. */
export function ofType({ Resources }: Template, type: string): [id: string, properties: Properties][] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [[id, Properties]] : [],
  );
}

/** What `Ref` and `GetAtt` of an attribute look like once osls has written them down. */
export function ref(id: string) {
  return { Ref: id };
}
export function attribute(id: string, name: string) {
  return { 'Fn::GetAtt': [id, name] };
}

/** Whether two parts of a template say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const refSchema = z.object({ Ref: z.string() });
const arnSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/** The logical id whose ARN this is; undefined for anything else. */
export function arnOwner(value: unknown): string | undefined {
  const parsed = arnSchema.safeParse(value);
  return parsed.success ? parsed.data['Fn::GetAtt'][0] : undefined;
}

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.object({
    'Fn::Join': z.tuple([z.literal('/'), z.tuple([z.literal('integrations'), refSchema])]),
  }),
});
const integrationSchema = z.object({
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationUri: arnSchema,
});
const nameSchema = z.object({ FunctionName: z.string() });

/** Which function answers which route: the emulator has no API Gateway, so the template is read. */
export function routesOf(template: Template): Map<string, string> {
  const properties = (id: string): unknown => template.Resources[id]?.Properties;
  return new Map(
    ofType(template, 'AWS::ApiGatewayV2::Route').map(([, route]) => {
      const { RouteKey, Target } = routeSchema.parse(route);
      const integration = integrationSchema.parse(properties(Target['Fn::Join'][1][1].Ref));
      const { FunctionName } = nameSchema.parse(properties(integration.IntegrationUri['Fn::GetAtt'][0]));
      return [RouteKey, FunctionName] as const;
    }),
  );
}
