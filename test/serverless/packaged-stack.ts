import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { z } from 'zod';
import { serverless } from '../deploy/template/osls.ts';
import { resolved } from '../deploy/template/resolved.ts';
import { type Properties, parseTemplate, type Template } from '../deploy/template/template.ts';
import { newCheckout } from './checkout.ts';

const functionSchema = z.object({
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  ReservedConcurrentExecutions: z.undefined().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** What osls writes for a stage. */
export async function packaged(stage: string, into: string): Promise<Template> {
  const checkout = await newCheckout();
  await serverless(['package', '--stage', stage, '--package', into], {}, checkout);
  await rm(checkout, { recursive: true });
  return parseTemplate(await readFile(join(into, 'cloudformation-template-update-stack.json'), 'utf8'));
}

/** The stack of prod, packaged once for all tests of a file. */
export type PackagedStack = ReturnType<typeof packagedStack>;

export function packagedStack() {
  let dir: string;
  let written: Template;
  let template: Template;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'serverless-test-'));
    written = await packaged('prod', join(dir, 'prod'));
    template = resolved(written);
  });

  afterAll(() => rm(dir, { recursive: true }));

  const propertiesOf = (id: string, of = template): Properties => {
    const resource = of.Resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}`);
    return resource.Properties;
  };
  const lambda = (id: string) => functionSchema.parse(propertiesOf(`${id}LambdaFunction`));

  /** The template after a mistake by hand. */
  const spoiled = (slip: (resources: Template['Resources']) => void): Template => {
    const copy = structuredClone(template);
    slip(copy.Resources);
    return copy;
  };

  /** Puts `next` in place of the first `before` in what is written of a resource. */
  const replaced = (id: string, before: string, next: string): Template =>
    spoiled((resources) => {
      const written = JSON.stringify(resources[id]);
      expect(written).toContain(before);
      resources[id] = JSON.parse(written.replace(before, next));
    });

  return {
    get dir() {
      return dir;
    },
    /** As osls writes it, with CloudFormation's conditions. */
    get written() {
      return written;
    },
    /** As CloudFormation reads it where no parameter is set. */
    get template() {
      return template;
    },
    propertiesOf,
    lambda,
    spoiled,
    replaced,
  };
}
