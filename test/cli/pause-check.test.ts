import { expect, test } from '@jest/globals';
import { pauseFinding } from '../../cli/actions/doctor/pause-check.ts';
import type { ErrorCode } from '../../lib/errors.ts';

const pauseOf = (code: ErrorCode) => ({
  pause: {
    code,
    message: 'as the worker found it',
    since: '2026-03-01T02:00:00.000Z',
    probeAt: Date.UTC(2026, 2, 1, 2, 15),
  },
});

test.each(['paused', 'secret-invalid'] as const)(
  'a pause for what a secret said (%s) is no fault once the secret is right, and says when it ends',
  (code) => {
    expect(pauseFinding(pauseOf(code), false, 'acme')).toEqual({
      state: 'warning',
      detail: `Paused since 2026-03-01 02:00:00Z (${code}), and has not noticed yet that the secret is fixed`,
      fix: 'Nothing to do: the network goes on by itself. It reads the secret again at 2026-03-01 02:15:00Z',
    });
  },
);

test('a pause that RunCloud began is a fault until RunCloud answers again', () => {
  expect(pauseFinding(pauseOf('runcloud-unauthorized'), false, 'acme')).toMatchObject({
    state: 'failed',
    detail: 'Paused since 2026-03-01 02:00:00Z (runcloud-unauthorized): as the worker found it',
  });
});

test('a restored ledger waits for a person, and so does PAUSED', () => {
  const waits = expect.stringContaining('relay network resume acme');
  expect(pauseFinding(pauseOf('ledger-restored'), false, 'acme')).toMatchObject({
    state: 'failed',
    fix: waits,
  });
  expect(pauseFinding(pauseOf('paused'), true, 'acme')).toMatchObject({ state: 'warning', fix: waits });
});

test('without a pause there is nothing to say', () => {
  expect(pauseFinding(undefined, false, 'acme')).toMatchObject({ state: 'ok', detail: 'Not paused' });
});
