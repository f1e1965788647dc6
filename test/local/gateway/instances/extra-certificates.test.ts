import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, startGateway } from '../../../../local/gateway/start-gateway.ts';
import { newAuthority } from '../../../../local/world/ca/authority.ts';
import { type Edge, startEdge } from '../../../../local/world/edge.ts';

const code = `
const { once } = require('node:events');
const { connect } = require('node:tls');

exports.handler = async ({ port, servername }) => {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.destroy();
  return socket.authorized;
};
`;

const names = ['shop.example.com'];
const inTime = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };

let dir: string;
let edge: Edge;
let gateway: Gateway;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'extra-certificates-'));
  await mkdir(join(dir, 'functions'));
  await writeFile(join(dir, 'functions', 'visitor.cjs'), code);
  const [authority, another] = [newAuthority(), newAuthority()];
  const bundle = join(dir, 'bundle.pem');
  await writeFile(bundle, `# two of them\n${another.certificate}\n${authority.certificate}`);
  const shown = authority.issue({ names, ...inTime });
  edge = await startEdge({ authority, installed: async () => shown });
  const visitor = (environment: Record<string, string>) => ({
    name: 'test-dev-visitor',
    handler: 'functions/visitor.handler',
    timeout: 10,
    maxInstances: 1,
    environment,
    events: [],
  });
  gateway = await startGateway(
    {
      service: 'test',
      provider: {
        name: 'aws',
        runtime: 'nodejs24.x',
        region: 'eu-west-1',
        stage: 'dev',
        memorySize: 512,
        httpApi: { payload: '2.0' },
      },
      functions: {
        trusting: visitor({ NODE_EXTRA_CA_CERTS: bundle }),
        wary: visitor({}),
        misled: visitor({ NODE_EXTRA_CA_CERTS: join(dir, 'none.pem') }),
      },
      codeDir: dir,
      port: 0,
    },
    {},
    { onLine: () => {}, onError: () => {} },
  );
});

afterAll(async () => {
  await gateway.close();
  await edge.close();
  await rm(dir, { recursive: true });
});

test.each([
  ['trusting', true],
  ['wary', false],
  ['misled', false],
] as const)('a function trusts what its own NODE_EXTRA_CA_CERTS names: %s, %s', async (key, trusted) => {
  expect(await gateway.invoke(key, { port: edge.port, servername: 'shop.example.com' })).toBe(trusted);
});
