import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import type { Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { ScriptedAnswer } from '../../../local/runcloud/http/faults.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { app, clientOf, failureOf, ids, runcloudWorld } from '../../support/runcloud/runcloud.ts';

let runcloud: RunningRuncloud;
let hosting: Hosting;

beforeEach(async () => {
  runcloud = await runcloudWorld();
  hosting = runcloudHosting(clientOf(runcloud), ids);
});

afterEach(() => runcloud.close());

function names() {
  return runcloud.app(app).domains.map(({ name }) => name);
}

function answering(answer: ScriptedAnswer) {
  return runcloud.arm({ answer });
}

describe('an addition', () => {
  test.each([true, false])(
    'asks for an alias without redirection, www %p: WordPress chooses the canonical name',
    async (www) => {
      await hosting.add({ name: 'shop.example', www });
      expect(runcloud.requests[0]?.input).toEqual({
        name: 'shop.example',
        www,
        redirection: 'none',
        type: 'alias',
      });
    },
  );

  test.each<ScriptedAnswer>([
    { status: 204 },
    { status: 200, body: {} },
    { status: 200, body: { message: 'Domain added.' } },
    { status: 200, body: { id: 5, name: 'other.example' } },
    { status: 201, body: { name: 'shop.example' } },
  ])('is unconfirmed by %j', async (answer) => {
    answering(answer);
    expect(await hosting.add({ name: 'shop.example', www: false })).toBeUndefined();
  });

  test('knows its name again in capitals and in its own script', async () => {
    answering({ status: 200, body: { id: '5', name: 'MÜNCHEN.example', www: '1' } });
    expect(await hosting.add({ name: 'xn--mnchen-3ya.example', www: true })).toEqual({
      id: 5,
      name: 'xn--mnchen-3ya.example',
      type: undefined,
      www: true,
      wildcard: false,
    });
  });

  test('whose answer is lost has happened once, and says that it may have', async () => {
    runcloud.arm({ method: 'POST', answer: 'drop', does: 'now' });
    const failure = await failureOf(hosting.add({ name: 'shop.example', www: false }));
    expect(failure).toMatchObject({ code: 'runcloud-unavailable', unanswered: true });
    expect(names()).toContain('shop.example');
    expect(runcloud.requests).toHaveLength(1);
  });

  test('that RunCloud gets round to later was not there when asked', async () => {
    runcloud.arm({ method: 'POST', answer: 'drop', does: 'on-land' });
    await failureOf(hosting.add({ name: 'shop.example', www: false }));
    expect(names()).not.toContain('shop.example');
    expect(await runcloud.land()).toBe(1);
    expect((await hosting.page(1)).domains.map(({ name }) => name)).toContain('shop.example');
  });
});

describe('a removal', () => {
  test.each<ScriptedAnswer>([
    { status: 204 },
    { status: 200, body: {} },
    { status: 200, body: { message: 'Deleted.' } },
    { status: 200, body: { id: 6, name: 'shop.example' } },
  ])('is unclear if answered by %j', async (answer) => {
    answering(answer);
    expect(await hosting.remove(5)).toBe('unclear');
  });

  test('is only gone by a 404 of RunCloud, not of a firewall', async () => {
    expect(await hosting.remove(999)).toBe('gone');
    answering({ status: 404, html: 'Not Found' });
    expect(await failureOf(hosting.remove(999))).toMatchObject({
      code: 'runcloud-blocked',
      unanswered: true,
    });
  });
});

test('a read by id that shows another domain is not believed', async () => {
  answering({ status: 200, body: { id: 6, name: 'shop.example' } });
  expect(await failureOf(hosting.find(5))).toMatchObject({ code: 'runcloud-unavailable' });
});

test('a read by id that shows no domain is not taken for an absence', async () => {
  answering({ status: 200, body: { message: 'Maintenance.' } });
  expect(await failureOf(hosting.find(5))).toMatchObject({ code: 'runcloud-unavailable' });
});

test.each([404, 405])('a meta call answered by %i is one this API does not have', async (status) => {
  answering({ status, body: { message: 'The PATCH method is not supported for this route.' } });
  expect(await hosting.updateDomain(1, { www: false })).toBe('unsupported');
});

test('ids are one piece of the path, whatever they hold', async () => {
  const strange = runcloudHosting(clientOf(runcloud), { serverId: '42/../43', appId: '9?x=1' });
  expect(await failureOf(strange.page(1))).toMatchObject({ code: 'runcloud-not-found' });
  expect(runcloud.requests[0]?.path).toBe('/api/v3/servers/42%2F..%2F43/webapps/9%3Fx%3D1/domains');
});
