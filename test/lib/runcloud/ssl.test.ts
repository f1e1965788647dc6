import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findSsl, installSsl, readSslMode, redeploySsl } from '../../../lib/runcloud/ssl.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { eventually } from '../../support/eventually.ts';
import { app, clientOf, failureOf, ids, legacy, runcloudWorld } from '../../support/runcloud/runcloud.ts';

let runcloud: RunningRuncloud;

beforeEach(async () => {
  runcloud = await runcloudWorld({ switches: { sslIssue: 'immediate' } });
});

afterEach(() => runcloud.close());

const domain = { ...ids, domainId: 1 };

describe('the mode', () => {
  test.each([
    [{ advancedSSL: false, autoSSL: false }, 'basic'],
    [{ advancedSSL: true, autoSSL: false }, 'advanced'],
    [{ advancedSSL: true, autoSSL: true }, 'autossl'],
    [{ advancedSSL: 0 }, 'basic'],
    [{ advancedSSL: '1' }, 'advanced'],
    [{ advancedSsl: true, autoSsl: 1 }, 'autossl'],
    [{ advancedSsl: 1 }, 'advanced'],
    [{ enabled: false }, 'basic'],
    [{ enabled: true }, 'advanced'],
    [{}, 'unknown'],
    [{ message: 'Success' }, 'unknown'],
    [{ advancedSSL: null }, 'unknown'],
    [[], 'unknown'],
  ])('%j is %s', async (body, mode) => {
    runcloud.arm({ answer: { status: 200, body } });
    expect(await readSslMode(clientOf(runcloud), ids)).toBe(mode);
  });

  test.each([204, 403, 404, 405, 422])('%i leaves it unknown, and never guessed as basic', async (status) => {
    runcloud.arm({ answer: { status } });
    expect(await readSslMode(clientOf(runcloud), ids)).toBe('unknown');
  });

  test.each([401, 429, 500])('%i is a failure like any other', async (status) => {
    runcloud.arm({ answer: { status } });
    expect(await failureOf(readSslMode(clientOf(runcloud), ids))).toMatchObject({ status });
  });
});

describe('a certificate', () => {
  test('is not there by 404, by a message, or by nothing', async () => {
    expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
    const text = { message: 'SSL not installed!' };
    for (const answer of [
      { status: 200, body: text },
      { status: 422, body: text },
      { status: 200, body: {} },
    ]) {
      runcloud.arm({ answer });
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
    }
  });

  test.each([{ body: {} }, { body: [] }, { body: { message: 'Success' } }, {}])(
    'is not taken for none because of one answer that shows nothing: %j',
    async (part) => {
      runcloud.installInPanel(Number(ids.appId), { method: 'custom' });
      runcloud.arm({ answer: { status: 200, ...part } });
      expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'custom' });
      runcloud.arm({ answer: { status: 200, ...part }, times: 2 });
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
    },
  );

  test('that RunCloud refuses to show for another reason is not taken for none', async () => {
    expect(await failureOf(findSsl(clientOf(runcloud), domain))).toMatchObject({ code: 'runcloud-refused' });
  });

  test('shows id, origin and end, and neither key nor PEM', async () => {
    await installSsl(clientOf(runcloud), ids);
    const ssl = await findSsl(clientOf(runcloud), ids);
    expect(ssl).toEqual({
      id: expect.any(Number),
      method: 'letsencrypt',
      authorizationMethod: 'http-01',
      staging: false,
      validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });
});

describe('an order', () => {
  const lastInput = () => runcloud.requests.at(-1)?.input;

  test('for the application asks for a live certificate by http-01 and leaves plain HTTP on', async () => {
    expect(await installSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'letsencrypt' });
    expect(lastInput()).toEqual({
      provider: 'letsencrypt',
      enableHttp: true,
      enableHsts: false,
      authorizationMethod: 'http-01',
      environment: 'live',
    });
    expect(runcloud.app(app).ssl?.names).toEqual(['network.example']);
  });

  test('for a domain says that the mode is advanced', async () => {
    runcloud.app(app).mode.advancedSSL = true;
    expect(await installSsl(clientOf(runcloud), domain)).toMatchObject({ id: expect.any(Number) });
    expect(lastInput()).toMatchObject({ advancedSSL: true, autoSSL: false });
    expect(runcloud.app(app).domains[0]?.ssl?.names).toEqual(['network.example']);
  });

  test('names the protocols in v2, which some require there', async () => {
    await installSsl(clientOf(runcloud, { credential: { api: 'v2', ...legacy } }), ids);
    expect(lastInput()).toMatchObject({ ssl_protocol_id: 2 });
  });

  test('answered by a message or by nothing is unclear', async () => {
    for (const answer of [
      { status: 204 },
      { status: 200, body: {} },
      { status: 200, body: { message: 'Queued' } },
    ]) {
      runcloud.arm({ answer });
      expect(await installSsl(clientOf(runcloud), ids)).toBe('unclear');
    }
  });

  test('again is a PUT without a body on the certificate', async () => {
    const installed = await installSsl(clientOf(runcloud), ids);
    if (installed === 'unclear') throw new Error('Not installed');
    expect(await redeploySsl(clientOf(runcloud), ids, installed.id)).toMatchObject({ id: installed.id });
    expect(runcloud.requests.at(-1)).toMatchObject({
      method: 'PUT',
      path: `/api/v3/servers/42/webapps/7/ssl/${installed.id}`,
      input: {},
    });
    expect(runcloud.orders).toHaveLength(2);
  });

  test('again of a certificate that is gone is reported as such, and not as a wrong application', async () => {
    expect(await redeploySsl(clientOf(runcloud), ids, 999)).toBe('gone');
  });

  test('whose answer is lost may have been placed, and is not placed twice', async () => {
    runcloud.arm({ method: 'POST', answer: 'silence', does: 'now' });
    const time = new AbortController();
    const client = clientOf(runcloud, { timeoutSignal: () => time.signal });
    const failure = failureOf(installSsl(client, ids));
    await eventually(() => expect(runcloud.orders).toHaveLength(1));
    time.abort();
    expect(await failure).toMatchObject({
      code: 'runcloud-timeout',
      unanswered: true,
    });
    expect(runcloud.orders).toHaveLength(1);
  });

  test('that cannot be issued is refused with RunCloud’s own text', async () => {
    runcloud.switches.sslIssue = 'fails-422';
    expect(await failureOf(installSsl(clientOf(runcloud), ids))).toMatchObject({
      code: 'runcloud-refused',
      said: expect.stringContaining('Unable to issue'),
    });
  });
});
