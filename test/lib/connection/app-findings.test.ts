import { describe, expect, test } from '@jest/globals';
import { serverFinding, webAppFinding } from '../../../lib/connection/app-findings.ts';
import { APP } from '../../support/sync/items.ts';

const nothingKnown = { name: undefined, ipAddress: undefined, online: undefined, connected: undefined };

describe('a server', () => {
  test('of which RunCloud says nothing exists all the same', () =>
    expect(serverFinding(APP, nothingKnown)).toEqual({
      state: 'ok',
      detail: 'Server 42 is there',
      fix: null,
    }));

  test.each([
    ['offline', { online: false, connected: true }],
    ['offline', { online: false }],
    ['disconnected', { online: true, connected: false }],
    ['disconnected', { connected: false }],
  ])('is called %s: %j', (word, flags) =>
    expect(serverFinding(APP, { ...nothingKnown, ...flags })).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining(word),
      fix: expect.any(String),
    }),
  );
});

describe('a web application', () => {
  const webApp = { name: 'network', type: 'wordpress', defaultApp: false, alias: undefined };

  test.each(['wordpress', undefined])('of type %s is fine: only what is known counts', (type) =>
    expect(webAppFinding(APP, { ...webApp, type }, undefined)).toMatchObject({ state: 'ok', fix: null }),
  );

  test('of another type may still be the right one', () =>
    expect(webAppFinding(APP, { ...webApp, type: 'custom' }, undefined)).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('"custom"'),
      fix: expect.stringContaining('WU_RUNCLOUD_APP_ID'),
    }));

  test('of another network has failed, and says when that claim ends', () => {
    const { state, detail, fix } = webAppFinding(APP, webApp, Date.parse('2026-11-23T04:00:00.000Z'));
    expect(state).toBe('failed');
    expect(detail).toContain('app-claimed');
    expect(fix).toContain('2026-11-23T04:00:00.000Z');
  });
});
