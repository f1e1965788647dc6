import { afterAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({ networks: { acme: {}, bare: {} } });
const acme = flow.network('acme');

describe('the last update about a domain', () => {
  afterAll(() => closeFlow(flow));

  const startedAt = Date.now();
  /** Before all updates of this file that have no time of their own. */
  const ago = (seconds: number) => new Date(startedAt - seconds * 1_000);
  const count = (name: string) => acme.hosted().filter((hosted) => hosted === name).length;

  test.concurrent('an added domain is served by RunCloud as an alias', async () => {
    const domain = 'shop.acme-bikes.com';
    const answer = await acme.send(
      'domain.added',
      { domain, siteId: 12, domainId: '57' },
      { id: 'msg_shop' },
    );
    expect(answer.status).toBe(202);
    const body = await answer.json();
    expect(body).toEqual({
      id: 'msg_shop',
      network: 'acme',
      domain,
      status: 'accepted',
      latest: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      statusUrl: `${flow.url}/acme/domains/${domain}`,
    });
    const item = await acme.settles(domain, { state: 'present', siteId: 12, domainId: 57 });
    const row = flow.runcloud.app(acme.appId).domains.find(({ name }) => name === domain);
    expect(row).toMatchObject({ type: 'alias', www: false });
    expect(item.runcloudId).toEqual({
      id: row?.id,
      serverId: String(acme.serverId),
      appId: String(acme.appId),
    });
    expect(await acme.certificate(domain)).toMatchObject({ wanted: true });
  });

  test.concurrent('a registrable domain is served with its www, where that resolves', async () => {
    flow.dns.set('www.acme-bikes.com', { A: [acme.serverAddress] });
    await acme.add('acme-bikes.com');
    await acme.settles('acme-bikes.com', { state: 'present', wwwServed: true });
    const row = flow.runcloud.app(acme.appId).domains.find(({ name }) => name === 'acme-bikes.com');
    expect(row).toMatchObject({ type: 'alias', www: true });
    await acme.add('bikes-without-www.com');
    const bare = await acme.settles('bikes-without-www.com', { state: 'present', wwwServed: false });
    expect(bare.www).toBe(true);
  });

  test.concurrent('the same event twice is one domain, and answered as a duplicate', async () => {
    const domain = 'twice.acme-bikes.com';
    const event = acme.event('domain.added', { domain });
    expect(await (await acme.post('/domain-added', event)).json()).toMatchObject({ status: 'accepted' });
    expect(await (await acme.post('/domain-added', event)).json()).toMatchObject({ status: 'duplicate' });
    await acme.settles(domain, { state: 'present' });
    const again = await acme.post('/domain-added', event);
    expect(again.status).toBe(202);
    expect(await again.json()).toMatchObject({ status: 'duplicate' });
    await acme.settles(domain, { state: 'present', revision: 1 });
    expect(count(domain)).toBe(1);
  });

  test.concurrent('a removed domain is gone from RunCloud, and nothing else is', async () => {
    const domain = 'gone.acme-bikes.com';
    await acme.add('stays.acme-bikes.com');
    await acme.add(domain);
    await acme.settles('stays.acme-bikes.com', { state: 'present' });
    await acme.settles(domain, { state: 'present' });
    await acme.remove(domain);
    await acme.settles(domain, { state: 'absent', runcloudId: null });
    expect(acme.hosted()).not.toContain(domain);
    expect(acme.hosted()).toEqual(expect.arrayContaining([acme.ownDomain, 'stays.acme-bikes.com']));
  });

  test.concurrent('the removal of a domain that RunCloud never had ends well, without a DELETE', async () => {
    const domain = 'never.acme-bikes.com';
    const bare = flow.network('bare');
    await bare.remove(domain);
    await bare.settles(domain, { state: 'absent', lastError: null });
    expect(bare.calls()).toEqual(['GET /domains']);
    expect(await bare.deadLetters()).toEqual([]);
  });

  test.concurrent('a domain added, removed and added again is served once, under its new id', async () => {
    const domain = 'again.acme-bikes.com';
    await acme.add(domain);
    const first = await acme.settles(domain, { state: 'present' });
    await acme.remove(domain);
    await acme.settles(domain, { state: 'absent' });
    await acme.add(domain);
    const second = await acme.settles(domain, { state: 'present' });
    expect(count(domain)).toBe(1);
    expect(second.runcloudId?.id).not.toBe(first.runcloudId?.id);
  });

  test.concurrent('updates that come in the wrong order end as the newest of them says', async () => {
    const domain = 'order.acme-bikes.com';
    const [first, second, third] = [ago(30), ago(20), ago(10)];
    const removal = await acme.send('domain.removed', { domain }, { timestamp: second });
    expect(await removal.json()).toMatchObject({ status: 'accepted' });
    const newest = await acme.send('domain.added', { domain }, { timestamp: third });
    expect(await newest.json()).toMatchObject({ status: 'accepted' });
    const oldest = await acme.send('domain.added', { domain }, { timestamp: first });
    expect(await oldest.json()).toMatchObject({ status: 'superseded', latest: third?.toISOString() });
    const lateRemoval = await acme.send('domain.removed', { domain }, { timestamp: ago(15) });
    expect(await lateRemoval.json()).toMatchObject({ status: 'superseded' });
    await acme.settles(domain, { wanted: 'present', state: 'present' });
    expect(count(domain)).toBe(1);
  });

  test.concurrent('an add that comes after the removal that followed it revives nothing', async () => {
    const domain = 'late.acme-bikes.com';
    await acme.remove(domain, { timestamp: ago(5) });
    await acme.settles(domain, { state: 'absent' });
    const late = await acme.send('domain.added', { domain }, { timestamp: ago(10) });
    expect(late.status).toBe(202);
    expect(await late.json()).toMatchObject({ status: 'superseded' });
    await acme.settles(domain, { wanted: 'absent', state: 'absent', revision: 1 });
    expect(acme.hosted()).not.toContain(domain);
  });

  test.concurrent('of two updates with the same timestamp the later arrival wins, and the earlier one stays superseded', async () => {
    const timestamp = new Date(Math.floor(ago(10).getTime() / 1_000) * 1_000);
    const answerTo = async (type: 'domain.added' | 'domain.removed', domain: string, id: string) =>
      (await acme.send(type, { domain }, { timestamp, id })).json();
    for (const [domain, added, removed] of [
      ['tie-one.acme-bikes.com', 'msg_a', 'msg_b'],
      ['tie-two.acme-bikes.com', 'msg_b', 'msg_a'],
    ] as const) {
      expect(await answerTo('domain.added', domain, added)).toMatchObject({ status: 'accepted' });
      await acme.settles(domain, { state: 'present' });
      expect(await answerTo('domain.removed', domain, removed)).toMatchObject({ status: 'accepted' });
      expect(await answerTo('domain.added', domain, added)).toMatchObject({ status: 'superseded' });
      expect(await answerTo('domain.removed', domain, removed)).toMatchObject({ status: 'duplicate' });
      await acme.settles(domain, {
        wanted: 'absent',
        state: 'absent',
        version: { timestamp: timestamp.toISOString(), id: removed, earlierIds: [added] },
      });
      expect(acme.hosted()).not.toContain(domain);
    }
  });

  test.concurrent('two retries with the same timestamp are both accepted, and the first one again is superseded', async () => {
    const domain = 'tie-retry.acme-bikes.com';
    const timestamp = ago(10);
    await acme.add(domain, { timestamp: ago(20) });
    const arrives = async (id: string) =>
      (await acme.send('domain.ssl_retry', { domain, reason: 'manual' }, { timestamp, id })).json();
    expect(await arrives('msg_z')).toMatchObject({ status: 'accepted' });
    expect(await arrives('msg_a')).toMatchObject({ status: 'accepted' });
    expect(await arrives('msg_z')).toMatchObject({ status: 'superseded' });
  });

  test.concurrent('a name is one domain however it is spelt', async () => {
    const answer = await acme.send('domain.added', { domain: ' Bücher.Acme-Bikes.com. ' });
    expect(await answer.json()).toMatchObject({ domain: 'xn--bcher-kva.acme-bikes.com' });
    await acme.settles('xn--bcher-kva.acme-bikes.com', { state: 'present' });
    await acme.remove('xn--bcher-kva.acme-bikes.com');
    await acme.settles('xn--bcher-kva.acme-bikes.com', { state: 'absent' });
    expect(acme.hosted()).not.toContain('xn--bcher-kva.acme-bikes.com');
  });
});
