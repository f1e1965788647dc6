import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JsonSchema } from './annotated.ts';
import { componentsOfDocument } from './components.ts';
import { paths } from './paths.ts';
import { webhooks } from './webhooks.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')));

/** The OpenAPI document of the relay. */
export const document: JsonSchema = {
  openapi: '3.1.1',
  info: {
    title: 'runcloud-relay',
    version,
    license: { name: 'MIT', identifier: 'MIT' },
    description:
      'Keeps a RunCloud web application in sync with the domains of a WordPress multisite. Send a signed event for every domain added, removed or stuck without a certificate, and read where each domain stands.',
  },
  servers: [
    {
      url: 'https://{host}',
      description: 'A deployment: `npx serverless info` prints its address',
      variables: { host: { default: 'relay.network.example' } },
    },
    { url: 'http://127.0.0.1:3000', description: 'The one-machine stack of `npm start`' },
  ],
  tags: [
    { name: 'events', description: 'What the multisite says' },
    { name: 'reads', description: 'What the relay knows' },
    { name: 'outcomes', description: 'What the relay posts to CALLBACK_URL, if the secret has one' },
  ],
  paths,
  webhooks,
  components: componentsOfDocument,
};
