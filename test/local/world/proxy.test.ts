import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { httpStatus } from '../../../lib/tls/http-status.ts';
import { type Authority, type Material, newAuthority } from '../../../local/world/ca/authority.ts';
import { type Edge, startEdge } from '../../../local/world/edge.ts';
import { type RunningProxy, startProxy } from '../../../local/world/proxy.ts';

const name = 'shop.acme-bikes.com';
const address = '127.0.0.2';

let authority: Authority;
let edge: Edge;
let proxy: RunningProxy;
let installed: Material | undefined;

beforeEach(async () => {
  authority = newAuthority();
  installed = undefined;
  edge = await startEdge({ authority, installed: async () => installed });
  proxy = await startProxy({ address, origin: { address: '127.0.0.1', port: edge.port }, authority });
});

afterEach(async () => {
  await proxy.close();
  await edge.close();
});

function status() {
  const signal = AbortSignal.timeout(60_000);
  return httpStatus({ address, port: edge.port, servername: name, signal, ca: authority.certificate });
}

test('serves a name whatever the server shows, unless it is strict', async () => {
  expect(await status()).toBe(200);
  proxy.set(name, { mode: 'strict' });
  expect(await status()).toBe(526);
  installed = authority.issue({
    names: [name],
    notBefore: Date.now() - 1_000,
    notAfter: Date.now() + 86_400_000,
  });
  expect(await status()).toBe(200);
});

test('answers 525 where the server makes no handshake', async () => {
  edge.set(name, 'refuse');
  expect(await status()).toBe(525);
  expect(proxy.answers).toEqual([`HEAD ${name}: 525`]);
});

test('gives no answer that counts where it is not trusted itself', async () => {
  proxy.set(name, { certificate: 'untrusted' });
  expect(await status()).toBeNull();
});
