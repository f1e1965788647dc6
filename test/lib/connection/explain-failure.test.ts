import { describe, expect, test } from '@jest/globals';
import { type AskingCheck, explainFailure } from '../../../lib/connection/explain-failure.ts';
import { Unavailable } from '../../../lib/errors.ts';
import {
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRefused,
  RuncloudUnauthorized,
} from '../../../lib/runcloud/errors.ts';
import { APP } from '../../support/sync/items.ts';

function asked(check: AskingCheck) {
  return { check, app: APP, api: 'v3' as const };
}
const facts = { method: 'GET', path: '/servers/42', status: 403, said: 'Not you.' };

test('RunCloud’s text comes after our own', () => {
  const { detail } = explainFailure(
    new RuncloudForbidden('RunCloud does not allow this', facts),
    asked('server'),
  );
  expect(detail).toMatch(/another workspace.*\(403\) at GET \/servers\/42: Not you\.$/);
});

describe('one status means another cause at each step', () => {
  const fixes = (error: Error) =>
    (['token', 'server', 'web-app', 'domains', 'certificates'] as const).map(
      (check) => explainFailure(error, asked(check)).fix,
    );

  test('403: the plan, the workspace, the rights', () => {
    const [token, server, ...others] = fixes(new RuncloudForbidden('no', facts));
    expect(token).toContain('plan');
    expect(server).toContain('WU_RUNCLOUD_SERVER_ID');
    for (const fix of others) expect(fix).toContain('rights');
  });

  test('404: the address, the server id, the application id', () => {
    const [token, server, ...others] = fixes(new RuncloudNotFound('no', facts));
    expect(token).toContain('RUNCLOUD_URL');
    expect(server).toContain('WU_RUNCLOUD_SERVER_ID');
    for (const fix of others) expect(fix).toContain('WU_RUNCLOUD_APP_ID');
  });

  test('401: the token, whenever it is turned away', () => {
    for (const fix of fixes(new RuncloudUnauthorized('no', facts)))
      expect(fix).toContain('WU_RUNCLOUD_API_TOKEN');
  });
});

test('a question that is refused is a failure of its own', () =>
  expect(explainFailure(new RuncloudRefused('RunCloud refused', facts), asked('domains')).state).toBe(
    'failed',
  ));

test.each([new Unavailable('ledger'), new TypeError('a bug')])('%s is no failure at RunCloud', (error) => {
  expect(() => explainFailure(error, asked('token'))).toThrow(error);
});
