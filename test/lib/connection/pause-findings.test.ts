import { describe, expect, test } from '@jest/globals';
import { failed, ok } from '../../../lib/connection/check.ts';
import { secretFinding, withPause } from '../../../lib/connection/pause-findings.ts';
import type { ErrorCode } from '../../../lib/errors.ts';

const since = '2026-11-21T04:00:00.000Z';
const probeAt = Date.parse('2026-11-21T05:15:00.000Z');
function pause(code: ErrorCode) {
  return { code, message: 'What happened', since, probeAt };
}

describe('the secret', () => {
  test('that was read and asks for nothing special is complete', () => {
    expect(secretFinding(false, null)).toEqual({ state: 'ok', detail: 'The secret is complete', fix: null });
    expect(secretFinding(false, pause('runcloud-forbidden')).state).toBe('ok');
  });

  test('that says PAUSED names the key, and since when if that is known', () => {
    expect(secretFinding(true, null)).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('PAUSED is true: events'),
      fix: expect.stringContaining('Remove PAUSED'),
    });
    expect(secretFinding(true, pause('paused')).detail).toContain(`PAUSED is true since ${since}`);
    // Paused for another reason since then; when PAUSED was set is unknown.
    expect(secretFinding(true, pause('runcloud-forbidden')).detail).not.toContain(since);
  });

  test.each(['paused', 'secret-invalid'] as const)(
    'that is fixed while the network is still paused (%s)',
    (code) => {
      expect(secretFinding(false, pause(code))).toMatchObject({
        state: 'warning',
        detail: expect.stringContaining(`is paused since ${since} (${code})`),
        fix: expect.stringContaining('2026-11-21T05:15:00.000Z'),
      });
    },
  );
});

describe('a restored ledger', () => {
  test('is a warning with the commands that end it, beside PAUSED', () => {
    const fix = expect.stringMatching(/relay sync .*--remove-missing.*relay network resume/);
    const detail = expect.stringContaining(`is paused since ${since} (ledger-restored). What happened`);
    expect(secretFinding(false, pause('ledger-restored'))).toMatchObject({ state: 'warning', detail, fix });
    expect(secretFinding(true, pause('ledger-restored'))).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/PAUSED is true.*ledger-restored/),
      fix,
    });
  });
});

describe('a pause on account of RunCloud', () => {
  test('turns a token that works into a warning with the code, the words and the next try', () =>
    expect(withPause(ok('The token works'), pause('runcloud-quota-spent'))).toEqual({
      state: 'warning',
      detail: `The token works. The network is paused since ${since} (runcloud-quota-spent): What happened`,
      fix: expect.stringContaining('2026-11-21T05:15:00.000Z'),
    }));

  test('never hides what is wrong with the token, nor its fix', () =>
    expect(withPause(failed('Wrong', 'Mend it'), pause('runcloud-unauthorized'))).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining(since),
      fix: 'Mend it',
    }));

  test.each(['paused', 'secret-invalid', 'ledger-restored'] as const)(
    '%s is reported with the secret alone',
    (code) => expect(withPause(ok('The token works'), pause(code))).toEqual(ok('The token works')),
  );
});
