import { describe, expect, test } from '@jest/globals';
import { BadEvent } from '../../../lib/webhook/bad-event.ts';
import { parseBuiltIn } from '../../../lib/webhook/built-in.ts';

const nowMs = Date.parse('2026-11-21T05:00:30Z');

const payload = {
  domain_id: 57,
  domain_domain: 'Acme-Bikes.com',
  domain_site_id: 12,
  domain_stage: 'checking-dns',
  domain_active: 'true',
  domain_date_created: '2026-11-21 05:00:00',
  site_id: 12,
  customer_name: 'Ada Rider',
  wu_version: '2.4.13',
};

function parse(value: unknown) {
  return parseBuiltIn(Buffer.from(JSON.stringify(value)), nowMs);
}

function refusal(value: unknown) {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof BadEvent) return { type: error.type, issues: error.issues };
    throw error;
  }
  throw new Error('The payload was taken');
}

describe('parseBuiltIn', () => {
  test('an update has the time and the id of the mapping', () => {
    expect(parse(payload)).toEqual({
      kind: 'added',
      id: 'wu-57',
      event: {
        timestamp: '2026-11-21T05:00:00.000Z',
        domain: 'acme-bikes.com',
        www: null,
        native: false,
        siteId: 12,
        domainId: 57,
        reason: 'manual',
      },
    });
  });

  test('ids may be strings, and the site may be named by either field or none', () => {
    const strings = { ...payload, domain_id: '57', domain_site_id: '13', site_id: '12' };
    expect(parse(strings)).toMatchObject({ id: 'wu-57', event: { siteId: 13, domainId: 57 } });
    expect(parse({ ...strings, domain_site_id: null })).toMatchObject({ event: { siteId: 12 } });
    expect(parse({ ...strings, domain_site_id: undefined, site_id: null })).toMatchObject({
      event: { siteId: null },
    });
  });

  test.each([
    { ...payload, domain_id: 0, domain_date_created: null },
    { ...payload, domain_id: '0' },
    { domain_id: 0 },
    { domain_id: 0, domain_domain: 7, domain_date_created: 'never' },
  ])('the mapping 0 is a test, whatever else is there: %j', (mock) => {
    expect(parse(mock)).toEqual({ kind: 'test' });
  });

  test.each([
    undefined,
    null,
    'yesterday',
    '0000-00-00 00:00:00',
    '2026-02-30 05:00:00',
    '2026-11-21T05:00:00Z',
    1,
  ])('the date %j is a bad shape with its path', (domain_date_created) => {
    expect(refusal({ ...payload, domain_date_created })).toEqual({
      type: 'bad-shape',
      issues: [{ path: 'domain_date_created', message: expect.stringMatching(/^(Must be|Is missing)/) }],
    });
  });

  test('another event of the same plugin is a bad shape', () => {
    const { type, issues } = refusal({ payment_id: 9, customer_id: 4 });
    expect(type).toBe('bad-shape');
    expect(issues).toContainEqual({ path: 'domain_id', message: 'Is missing' });
    expect(refusal('domain_created').issues).toEqual([{ path: '', message: 'Must be an object' }]);
  });

  test('name and age are judged as in a signed event', () => {
    expect(refusal({ ...payload, domain_domain: '*.acme-bikes.com' })).toEqual({
      type: 'bad-domain',
      issues: [{ path: 'domain_domain', message: 'Must be one host name, not a wildcard' }],
    });
    expect(refusal({ ...payload, domain_date_created: '2026-10-01 00:00:00' })).toMatchObject({
      type: 'too-old',
      issues: [{ path: 'domain_date_created' }],
    });
    expect(refusal({ ...payload, domain_date_created: '2026-11-21 06:00:00' }).type).toBe('too-new');
  });
});
