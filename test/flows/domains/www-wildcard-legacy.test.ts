import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

describe('one row of RunCloud and the names it serves', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({
      retryBaseSeconds: 0.05,
      networks: {
        apex: {},
        redirects: { app: { domains: [{ name: 'found-bikes.com', www: true }] } },
        own: {},
        wild: { app: { domains: [{ name: 'network.example.org', wildcard: true }] } },
        plain: {},
        legacy: { secret: { PROTECTED_DOMAINS: '' } },
        guarded: {},
      },
    });
    flow.dns.set('www.acme-bikes.com', { A: [flow.network('apex').serverAddress] });
    for (const { legacyPair, changeSecret } of [flow.network('legacy'), flow.network('guarded')]) {
      await changeSecret({
        WU_RUNCLOUD_API_TOKEN: '',
        WU_RUNCLOUD_API_KEY: legacyPair.key,
        WU_RUNCLOUD_API_SECRET: legacyPair.secret,
      });
    }
  });

  afterAll(() => closeFlow(flow));

  const rowOf = ({ appId }: FlowNetwork, name: string) =>
    flow.runcloud.app(appId).domains.find((row) => row.name === name);
  const posts = (network: FlowNetwork) => network.calls().filter((call) => call.startsWith('POST'));

  test('www.X is served by the row of X, and arrives in its own right when X goes', async () => {
    const network = flow.network('apex');
    await network.add('acme-bikes.com');
    await network.settles('acme-bikes.com', { state: 'present', wwwServed: true });
    await network.add('www.acme-bikes.com');
    await network.settles('www.acme-bikes.com', {
      state: 'present',
      reason: 'served-by-apex',
      runcloudId: null,
    });
    expect(network.hosted()).toEqual([network.ownDomain, 'acme-bikes.com']);

    await network.remove('acme-bikes.com');
    await network.settles('acme-bikes.com', { state: 'absent' });
    await network.settles('www.acme-bikes.com', { state: 'present', reason: null });
    expect(network.hosted()).toEqual([network.ownDomain, 'www.acme-bikes.com']);
    expect(rowOf(network, 'www.acme-bikes.com')).toMatchObject({ www: false });
  });

  test('WordPress chooses the canonical name: what the relay adds is redirected nowhere, apex first or www. first', async () => {
    const network = flow.network('redirects');
    const names = ['first-bikes.com', 'second-bikes.com'];
    for (const name of names) flow.dns.set(`www.${name}`, { A: [network.serverAddress] });
    const [apexFirst = '', wwwFirst = ''] = names;
    await network.add(apexFirst);
    await network.settles(apexFirst, { state: 'present', wwwServed: true });
    await network.add(`www.${apexFirst}`);
    await network.settles(`www.${apexFirst}`, { state: 'present', reason: 'served-by-apex' });
    expect(rowOf(network, apexFirst)).toMatchObject({ www: true, redirection: 'none' });

    await network.add(`www.${wwwFirst}`);
    await network.settles(`www.${wwwFirst}`, { state: 'present', reason: null });
    await network.add(wwwFirst);
    await network.settles(wwwFirst, { state: 'present', wwwServed: false });
    for (const name of [wwwFirst, `www.${wwwFirst}`])
      expect(rowOf(network, name)).toMatchObject({ www: false, redirection: 'none' });
  });

  test('a row found with a redirection is updated once www.X is wanted by itself, apex first or www. first', async () => {
    const network = flow.network('redirects');
    const found = 'found-bikes.com';
    flow.dns.set(`www.${found}`, { A: [network.serverAddress] });
    await network.add(found);
    await network.settles(found, { state: 'present', wwwServed: true });
    // No event has asked for its www. yet.
    expect(rowOf(network, found)).toMatchObject({ redirection: 'non-www' });
    await network.add(`www.${found}`);
    await network.settles(`www.${found}`, { state: 'present', reason: 'served-by-apex' });
    expect(rowOf(network, found)).toMatchObject({ www: true, redirection: 'none' });

    const later = 'later-bikes.com';
    flow.dns.set(`www.${later}`, { A: [network.serverAddress] });
    flow.runcloud.addInPanel(network.appId, { name: later, www: true });
    await network.add(`www.${later}`);
    await network.settles(`www.${later}`, { state: 'present', reason: 'served-by-apex' });
    expect(rowOf(network, later)).toMatchObject({ www: true, redirection: 'none' });
    await network.add(later);
    await network.settles(later, { state: 'present', wwwServed: true });
    expect(rowOf(network, later)).toMatchObject({ www: true, redirection: 'none' });
    expect(network.hosted().filter((name) => name.endsWith(later))).toEqual([later]);
  });

  test('a row of its own for www.X is left alone by X, which gets its www back when that row goes', async () => {
    const network = flow.network('own');
    await network.add('www.acme-bikes.com');
    await network.settles('www.acme-bikes.com', { state: 'present', reason: null });
    await network.add('acme-bikes.com');
    await network.settles('acme-bikes.com', { state: 'present', wwwServed: false });
    expect(rowOf(network, 'acme-bikes.com')).toMatchObject({ www: false });

    await network.remove('www.acme-bikes.com');
    await network.settles('www.acme-bikes.com', { state: 'absent' });
    await network.settles('acme-bikes.com', { state: 'present', wwwServed: true });
    expect(rowOf(network, 'acme-bikes.com')).toMatchObject({ type: 'alias', www: true });
    expect(network.hosted()).toEqual([network.ownDomain, 'acme-bikes.com']);
  });

  test('a removal of www.X never takes X with it', async () => {
    const network = flow.network('own');
    await network.remove('www.acme-bikes.com');
    await network.settles('www.acme-bikes.com', { state: 'absent' });
    await network.settles('acme-bikes.com', { state: 'present' });
    expect(network.hosted()).toContain('acme-bikes.com');
  });

  test('a native name under a wildcard is present without a POST; without a wildcard it is added', async () => {
    const wild = flow.network('wild');
    const name = 'acme.network.example.org';
    const native = { domain: name, native: true, siteId: 12 };
    expect((await wild.send('domain.added', native)).status).toBe(202);
    await wild.settles(name, { state: 'present', reason: 'covered-by-wildcard', runcloudId: null });
    expect(posts(wild)).toEqual([]);
    // What covers one label covers no two.
    expect((await wild.send('domain.added', { ...native, domain: `shop.${name}` })).status).toBe(202);
    await wild.settles(`shop.${name}`, { state: 'present', reason: null });

    const plain = flow.network('plain');
    expect((await plain.send('domain.added', native)).status).toBe(202);
    await plain.settles(name, { state: 'present', reason: null });
    expect(plain.hosted()).toContain(name);
    // Going, it leaves the wildcard where it is.
    expect((await wild.send('domain.removed', native)).status).toBe(202);
    await wild.settles(name, { state: 'absent' });
    expect(wild.hosted()).toContain('network.example.org');
  });

  describe('with the legacy key pair', () => {
    test('a domain is added and removed by API v2', async () => {
      const network = flow.network('guarded');
      await network.add('shop.acme-bikes.com');
      await network.settles('shop.acme-bikes.com', { state: 'present' });
      await network.remove('shop.acme-bikes.com');
      await network.settles('shop.acme-bikes.com', { state: 'absent' });
      expect(network.hosted()).toEqual([network.ownDomain]);
      const asked = flow.runcloud.requests.filter(({ path }) => path.includes(`/webapps/${network.appId}/`));
      expect(asked.length).toBeGreaterThanOrEqual(3);
      for (const { path } of asked) expect(path).toMatch(/^\/api\/v2\//);
    });

    test('where RunCloud states no type, nothing is removed unless the own names are protected', async () => {
      const { switches } = flow.runcloud;
      switches.domainShape = 'id-name-created';
      for (const name of ['legacy', 'guarded']) {
        const network = flow.network(name);
        await network.add('old.acme-bikes.com');
        await network.settles('old.acme-bikes.com', { state: 'present' });
        await network.remove('old.acme-bikes.com');
      }
      await flow.network('guarded').settles('old.acme-bikes.com', { state: 'absent' });
      const legacy = flow.network('legacy');
      await legacy.settles('old.acme-bikes.com', { state: 'present', reason: 'protected-domain' });
      const refused = (await legacy.told()).filter((message) => message.includes('PROTECTED_DOMAINS'));
      expect(refused).toHaveLength(1);
      expect(await legacy.deadLetters()).toEqual([]);
      expect(legacy.hosted()).toContain('old.acme-bikes.com');
      expect(legacy.calls().filter((call) => call.startsWith('DELETE'))).toEqual([]);
      switches.domainShape = 'full';
    });
  });
});
