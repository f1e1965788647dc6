import { describe, expect, test } from '@jest/globals';
import type { PauseMoment } from '../../../../lib/sync/ledger/items/outcome-item.ts';
import type { OwedOutcome } from '../../../../lib/sync/ledger/items/work-item.ts';
import { noticeOfOutcome, noticeOfPause } from '../../../../lib/sync/outcomes/notices.ts';
import { DOMAIN, NOW } from '../../../support/sync/items.ts';

function owed(part: Partial<OwedOutcome> = {}): OwedOutcome {
  return {
    kind: 'outcome',
    id: 'msg_pass-1',
    about: 'hosting',
    type: 'domain.settled',
    state: 'present',
    reason: null,
    message: null,
    fix: null,
    inReplyTo: null,
    at: NOW,
    toMultisite: true,
    ...part,
  };
}

describe('people are told', () => {
  test.each([
    [{ about: 'hosting' as const, state: 'present' }],
    [{ about: 'hosting' as const, state: 'absent' }],
    [{ about: 'certificate' as const, state: 'valid' }],
  ])('what a customer waits for: %j', (part) => {
    expect(noticeOfOutcome(DOMAIN, owed(part))).toMatchObject({
      code: 'domain-settled',
      domain: DOMAIN,
      news: { about: part.about, at: NOW },
    });
  });

  test('of no state on the way there: the multisite has asked for that', () => {
    expect(noticeOfOutcome(DOMAIN, owed({ about: 'certificate', state: 'requested' }))).toBeUndefined();
  });

  test.each(['protected-domain', 'primary-domain'])(
    'of a removal that is never followed by its own pass, and by no outcome: %s',
    (reason) => {
      expect(noticeOfOutcome(DOMAIN, owed({ reason }))).toBeUndefined();
    },
  );

  test('of a state with any other reason', () => {
    expect(noticeOfOutcome(DOMAIN, owed({ reason: 'held-by-name' }))?.code).toBe('domain-settled');
  });

  test('of failures, with what happened, what to do, and how to try again', () => {
    const failed = { type: 'domain.failed', state: 'failed', message: 'The name is taken' } as const;
    expect(noticeOfOutcome(DOMAIN, owed({ ...failed, fix: 'Choose another name' }))).toEqual({
      code: 'domain-failed',
      domain: DOMAIN,
      message: 'The name is taken',
      fix: 'Choose another name',
      command: `dead-letters retry --domain ${DOMAIN}`,
    });
    const ofCertificate = noticeOfOutcome(DOMAIN, owed({ ...failed, about: 'certificate' }));
    expect(ofCertificate).toMatchObject({
      code: 'certificate-failed',
      message: expect.stringContaining('The name is taken'),
    });
    expect(ofCertificate).not.toHaveProperty('fix');
  });

  test('of a failure without a message by its reason', () => {
    const failed = { type: 'domain.failed', state: 'failed', reason: 'order-failed' } as const;
    expect(noticeOfOutcome(DOMAIN, owed(failed))?.message).toContain('order-failed');
  });

  const moment: PauseMoment = {
    type: 'network.paused',
    at: NOW,
    code: 'runcloud-unauthorized',
    message: 'RunCloud refuses the token',
    since: '2026-11-21T05:00:00.000Z',
  };

  test('of a pause daily, until its end', () => {
    expect(noticeOfPause(moment)).toMatchObject({
      code: 'network-paused',
      message: expect.stringContaining('RunCloud refuses the token'),
      command: 'doctor',
      lasts: true,
    });
  });

  test.each([
    ['runcloud-unauthorized', 'RunCloud answers again'],
    ['ledger-restored', 'An operator has resumed it'],
  ] as const)('of the end of a pause, and who ended it: %s', (code, who) => {
    const resumed = noticeOfPause({ ...moment, type: 'network.resumed', code });
    expect(resumed).toMatchObject({
      code: 'network-resumed',
      ends: 'network-paused',
      message: expect.stringContaining(who),
    });
    expect(resumed).not.toHaveProperty('lasts');
  });
});
