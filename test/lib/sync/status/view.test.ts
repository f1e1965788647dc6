import { describe, expect, test } from '@jest/globals';
import { toSummary, toView } from '../../../../lib/sync/status/view.ts';
import { certificateItem, DOMAIN, domainItem, NOW, settledItem } from '../../../support/sync/items.ts';

function at(second: number) {
  return `2026-11-21T05:00:0${second}.000Z`;
}
const nothing = {
  state: 'none',
  reason: null,
  fix: null,
  attempts: 0,
  nextTryAt: null,
  notAfter: null,
  via: null,
};

test('a domain that is all set: nothing to try, nothing wrong', () => {
  expect(toView(settledItem({ reason: 'covered-by-wildcard' }), undefined)).toEqual({
    network: 'demo',
    domain: DOMAIN,
    wanted: 'present',
    hosting: {
      state: 'present',
      reason: 'covered-by-wildcard',
      since: '2026-11-21T05:00:00.200Z',
      nextTryAt: null,
    },
    certificate: nothing,
    lastError: null,
    history: [],
  });
});

test('open work says when it is tried next, in UTC with milliseconds', () => {
  expect(toView(domainItem({ dueAt: NOW + 1 }), certificateItem({ dueAt: NOW + 2 }))).toMatchObject({
    hosting: { state: 'pending', nextTryAt: '2026-11-21T05:00:30.251Z' },
    certificate: { state: 'pending', nextTryAt: '2026-11-21T05:00:30.252Z' },
  });
});

describe('the certificate', () => {
  const recorded = certificateItem({
    state: 'waiting-dns',
    reason: 'dns-mismatch',
    attempts: 3,
    dueAt: NOW,
    notAfter: at(1),
    via: 'edge',
  });

  test('is shown as it is recorded', () => {
    expect(toView(settledItem(), recorded).certificate).toEqual({
      state: 'waiting-dns',
      reason: 'dns-mismatch',
      fix: null,
      attempts: 3,
      nextTryAt: '2026-11-21T05:00:30.250Z',
      notAfter: at(1),
      via: 'edge',
    });
  });

  test('of a domain that is wanted absent is none, whatever is still recorded', () =>
    expect(toView(domainItem({ wanted: 'absent' }), recorded).certificate).toEqual(nothing));

  test('that is no longer wanted is none', () =>
    expect(toView(settledItem(), { ...recorded, wanted: false }).certificate).toEqual(nothing));
});

test('the later of the two last errors is the last', () => {
  const early = { code: 'runcloud-timeout', message: 'no answer', at: at(1) } as const;
  const late = { code: 'runcloud-refused', message: 'no', at: at(2) } as const;
  const lastError = (ofDomain: typeof early | null, ofCertificate: typeof late | typeof early | null) =>
    toView(domainItem({ lastError: ofDomain }), certificateItem({ lastError: ofCertificate })).lastError;
  expect(lastError(early, late)).toEqual(late);
  expect(lastError(early, null)).toEqual(early);
  expect(lastError(null, early)).toEqual(early);
  expect(toView(domainItem({ lastError: late }), certificateItem({ lastError: early })).lastError).toEqual(
    late,
  );
});

test('the history of both is in order of time', () => {
  const entry = (second: number, what: string) => ({ at: at(second), what, detail: '' });
  const { history } = toView(
    domainItem({ history: [entry(1, 'accepted'), entry(4, 'present')] }),
    certificateItem({ history: [entry(2, 'certificate-wanted'), entry(5, 'valid')] }),
  );
  expect(history.map(({ what }) => what)).toEqual(['accepted', 'certificate-wanted', 'present', 'valid']);
});

test('at most the last twenty entries are shown', () => {
  const entries = (second: number) =>
    Array.from({ length: 20 }, (_, index) => ({ at: at(second), what: `${second}-${index}`, detail: '' }));
  const { history } = toView(domainItem({ history: entries(1) }), certificateItem({ history: entries(2) }));
  expect(history.map(({ what }) => what)).toEqual(entries(2).map(({ what }) => what));
});

test('neither what the ledger needs for itself nor the ids of others are shown', () => {
  const item = domainItem({
    owner: 'a-worker',
    siteId: 12,
    runcloudId: { id: 5, serverId: '1', appId: '2' },
  });
  expect(Object.keys(toView(item, undefined)).sort()).toEqual(
    ['certificate', 'domain', 'history', 'hosting', 'lastError', 'network', 'wanted'].sort(),
  );
  expect(Object.keys(toSummary(item, undefined)).sort()).toEqual(
    ['certificate', 'domain', 'hosting', 'wanted'].sort(),
  );
});
