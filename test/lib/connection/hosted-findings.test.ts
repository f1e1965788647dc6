import { describe, expect, test } from '@jest/globals';
import {
  certificatesFinding,
  domainsFinding,
  wildcardFinding,
} from '../../../lib/connection/hosted-findings.ts';
import type { HostedDomain, ListingPage } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { row } from '../../support/sync/items.ts';

function page(domains: HostedDomain[], part: Partial<ListingPage> = {}): ListingPage {
  return {
    domains,
    unreadable: 0,
    total: domains.length,
    lastPage: 1,
    more: false,
    ...part,
  };
}

const primary = row({ id: 1, name: 'network.example', type: 'primary' });
function rows(count: number, www = false) {
  return Array.from({ length: count }, (_, index) =>
    row({ id: index + 10, name: `d${index}.example.com`, www }),
  );
}

describe('the domains', () => {
  const finding = (of: ListingPage, protectedDomains = ['network.example']) =>
    domainsFinding(of, protectedDomains);

  test('are counted by what RunCloud says', () => {
    expect(finding(page([primary])).detail).toBe('The web application has 1 domain');
    expect(finding(page(rows(40), { total: 312, more: true })).detail).toBe(
      'The web application has 312 domains',
    );
    expect(finding(page(rows(40), { total: undefined, more: true })).detail).toBe(
      'The web application has at least 40 domains',
    );
  });

  test('none at all is nothing to warn about', () =>
    expect(finding(page([]), [])).toEqual({
      state: 'ok',
      detail: 'The web application has 0 domains',
      fix: null,
    }));

  test('a protected primary is fine, also where only its bare name is protected', () => {
    expect(finding(page([primary])).state).toBe('ok');
    expect(finding(page([{ ...primary, name: 'www.network.example' }])).state).toBe('ok');
    expect(finding(page([primary]), ['other.example']).state).toBe('warning');
  });

  test('without types need PROTECTED_DOMAINS', () => {
    const untyped = page(rows(2).map((domain) => ({ ...domain, type: undefined })));
    expect(finding(untyped, []).state).toBe('warning');
    expect(finding(untyped).state).toBe('ok');
  });

  test('every remark is reported, with its fix', () => {
    const moved = [
      { count: 1, atLeast: false, serverId: '42', appId: '8' },
      { count: 3, atLeast: true, serverId: '41', appId: '6' },
    ];
    const { state, detail, fix } = domainsFinding(page([primary]), [], { moved });
    expect(state).toBe('warning');
    expect(detail).toBe(
      [
        'The web application has 1 domain',
        'The primary domain network.example is not in PROTECTED_DOMAINS',
        '1 domain is still recorded for server 42, web application 8, and is being added here',
        'At least 3 domains are still recorded for server 41, web application 6, and are being added here',
      ].join('. '),
    );
    expect(fix).toContain('Add network.example to PROTECTED_DOMAINS');
  });

  test('that an operator added by hand are named, with what to do', () => {
    const drift = {
      at: '2026-11-21T05:00:00.000Z',
      missing: { count: 0, names: [] },
      unwanted: { count: 1, names: ['gone.example'] },
      unknown: { count: 0, names: [] },
      dryRun: false,
    };
    expect(domainsFinding(page([primary]), ['network.example'], { drift })).toEqual({
      state: 'warning',
      detail:
        'The web application has 1 domain. 1 domain is in the web application, although the multisite removed them (seen 2026-11-21T05:00:00.000Z): gone.example',
      fix: 'Delete them in RunCloud if they are not wanted, or map them in the multisite',
    });
  });
});

describe('certificates', () => {
  test('advanced and AutoSSL have no limit to count towards', () => {
    for (const mode of ['advanced', 'autossl'] as const) {
      expect(certificatesFinding(mode, page(rows(40), { total: 400, more: true }))).toMatchObject({
        state: 'ok',
        fix: null,
      });
    }
  });

  test('an unknown mode is never guessed', () =>
    expect(certificatesFinding('unknown', page([primary]))).toMatchObject({
      state: 'warning',
      fix: expect.any(String),
    }));

  test.each([
    ['89 names', page(rows(40), { total: 89, more: true }), 'ok', 'at least 89 in use'],
    ['90 names', page(rows(40), { total: 90, more: true }), 'warning', 'at least 90 in use'],
    ['40 names with www', page(rows(40, true)), 'ok', '80 in use'],
    ['45 names with www', page(rows(45, true)), 'warning', '90 in use'],
    ['100 names', page(rows(40, true), { total: 60, more: true }), 'warning', 'at least 100 in use'],
    [
      '101 names',
      page(rows(40, true), { total: 61, more: true }),
      'warning',
      'no certificate can hold them all',
    ],
  ] as const)('basic mode, %s', (_what, of, state, words) => {
    const finding = certificatesFinding('basic', of);
    expect(finding).toMatchObject({ state, detail: expect.stringContaining(words) });
    expect(finding.detail.includes('no certificate')).toBe(_what === '101 names');
  });

  test('basic mode is reported also while the domains are not known', () =>
    expect(certificatesFinding('basic', undefined)).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('100 names at most'),
    }));
});

describe('the wildcard', () => {
  test('is named, by its name or by its flag', () => {
    expect(wildcardFinding(page([primary, row({ name: '*.network.example' })]))).toEqual({
      state: 'ok',
      detail: 'Native subdomains are covered by *.network.example',
      fix: null,
    });
    expect(wildcardFinding(page([{ ...primary, wildcard: true }])).detail).toContain('*.network.example');
  });

  test('that is missing is no failure', () =>
    expect(wildcardFinding(page([primary]))).toMatchObject({
      state: 'warning',
      detail: 'None: native subdomains are added one by one',
    }));

  test('may stand on a page that was not read', () =>
    expect(wildcardFinding(page(rows(40), { total: 312, more: true })).detail).toContain(
      'among the first 40 of 312 domains',
    ));
});
