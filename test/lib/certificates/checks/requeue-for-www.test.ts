import { expect, test } from '@jest/globals';
import { noteWww } from '../../../../lib/certificates/checks/requeue-for-www.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, NETWORK, NOW } from '../../../support/sync/items.ts';

async function noted(part: Parameters<ReturnType<typeof certificateWorld>['putDomain']>[0] | undefined) {
  const world = certificateWorld();
  if (part !== undefined) world.putDomain(part);
  const before = await world.domain();
  await noteWww({ network: NETWORK, domain: DOMAIN }, world.services);
  return { before, after: await world.domain() };
}

test('a settled domain is open work again', async () => {
  const { before, after } = await noted({ domain: DOMAIN });
  expect(after).toMatchObject({ state: 'present', dueAt: expect.any(Number) });
  expect(after?.revision).toBe((before?.revision ?? 0) + 1);
});

test.each([
  ['wanted absent', { wanted: 'absent' as const }],
  ['not present', { state: 'failed' as const }],
  ['open work already', { dueAt: NOW + HOUR }],
])('a domain that is %s stays as it is', async (_title, part) => {
  const { before, after } = await noted({ domain: DOMAIN, ...part });
  expect(after).toEqual(before);
});

test('a removal that may be taken back without a pass needs one then', async () => {
  const before = { reason: null, since: '2026-11-20T00:00:00.000Z', www: true, native: false, parking: null };
  const grace = { until: NOW + HOUR, before };
  const { before: item, after } = await noted({ domain: DOMAIN, wanted: 'absent', state: 'removing', grace });
  expect(after).toEqual({ ...item, grace: { ...grace, before: null } });
});

test.each(['present', 'pending'] as const)(
  'a pass under way at a domain that is %s, which may have asked before, does not end it',
  async (state) => {
    const lease = { owner: 'worker-1', leaseUntil: NOW + HOUR, sendAt: NOW + HOUR };
    const { before, after } = await noted({ domain: DOMAIN, state, dueAt: NOW, ...lease });
    expect(after).toEqual({ ...before, revision: (before?.revision ?? 0) + 1 });
  },
);

test('a domain without an update stays unknown', async () => {
  expect((await noted(undefined)).after).toBeUndefined();
});
