import { z } from 'zod';

const referenceSchema = z.object({ Ref: z.string() });

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A template of CloudFormation, as far as a reader of it needs. */
export type Template = z.infer<typeof templateSchema>;

export const parseTemplate = (text: string): Template => templateSchema.parse(JSON.parse(text));

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.object({ 'Fn::Join': z.tuple([z.literal('/'), z.tuple([z.literal('integrations'), referenceSchema])]) }),
});
const integrationSchema = z.object({
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationUri: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
});
const nameSchema = z.object({ FunctionName: z.string() });

/** Which function answers which route: the emulator has no API Gateway, so the template is read. */
export const routesOf = ({ Resources }: Template): Map<string, string> => {
  const properties = (id: string): unknown => Resources[id]?.Properties;
  return new Map(
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
      .map(({ Properties }) => {
        const { RouteKey, Target } = routeSchema.parse(Properties);
        const integration = integrationSchema.parse(properties(Target['Fn::Join'][1][1].Ref));
        const { FunctionName } = nameSchema.parse(properties(integration.IntegrationUri['Fn::GetAtt'][0]));
        return [RouteKey, FunctionName] as const;
      }),
  );
};
