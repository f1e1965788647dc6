import { afterAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';

const longList = Array.from({ length: 95 }, (_, index) => ({ name: `site-${index + 1}.acme-bikes.com` }));

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({
  networks: {
    panel: {},
    limited: {},
    patient: {},
    broken: {},
    landed: {},
    vanished: {},
    removed: {},
    long: { app: { domains: longList } },
    taken: { app: { domains: longList } },
  },
  retryBaseSeconds: 0.05,
});

describe('whatever RunCloud answers', () => {
  afterAll(() => closeFlow(flow));

  const count = (network: string, name: string) =>
    flow
      .network(network)
      .hosted()
      .filter((hosted) => hosted === name).length;
  const posts = (network: string) =>
    flow
      .network(network)
      .calls()
      .filter((call) => call === 'POST /domains').length;

  test.concurrent('a domain that an operator added in the panel before is success, and stays the one it was', async () => {
    const panel = flow.network('panel');
    const domain = 'panel.acme-bikes.com';
    flow.runcloud.addInPanel(panel.appId, { id: 4_711, name: domain });
    await panel.add(domain);
    const { runcloudId } = await panel.settles(domain, { state: 'present', lastError: null, attempts: 0 });
    expect(runcloudId?.id).toBe(4_711);
    expect(count('panel', domain)).toBe(1);
    expect(panel.calls()).toEqual(['POST /domains', 'GET /domains']);
  });

  test.concurrent('a 429 without Retry-After is waited out, and then the domain is added', async () => {
    const limited = flow.network('limited');
    const domain = 'limited.acme-bikes.com';
    // As RunCloud says on every answer; for as long as nothing is known, sixty a minute are assumed.
    const headers = { 'x-ratelimit-limit': '6000', 'x-ratelimit-remaining': '0' };
    limited.arm('/domains', { method: 'POST', answer: { status: 429, headers } });
    await limited.add(domain);
    const { history } = await limited.settles(domain, { state: 'present', lastError: null });
    expect(history).toContainEqual(
      expect.objectContaining({ what: 'waiting', detail: 'runcloud-rate-limited' }),
    );
    expect(count('limited', domain)).toBe(1);
  });

  test.concurrent('a Retry-After of a 429 is honoured: no call of that credential comes earlier', async () => {
    const patient = flow.network('patient');
    const domain = 'patient.acme-bikes.com';
    patient.arm('/domains', { method: 'POST', answer: { status: 429, headers: { 'retry-after': '2' } } });
    await patient.add(domain);
    await patient.settles(domain, { state: 'present' });
    const [refused, next] = flow.runcloud.requests.filter(({ path }) => path.includes(`/${patient.appId}/`));
    // The worker notes the answer a moment after RunCloud sent it, so two seconds later is never less here.
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(count('patient', domain)).toBe(1);
  });

  test.concurrent('failing answers are tried again until RunCloud is well', async () => {
    const broken = flow.network('broken');
    const domain = 'broken.acme-bikes.com';
    broken.arm('/domains', { answer: { status: 500, body: { message: 'Server Error' } } });
    broken.arm('/domains', { answer: { status: 502, html: 'Bad Gateway' } });
    broken.arm('/domains', { answer: 'drop' });
    await broken.add(domain);
    await broken.settles(domain, { state: 'present', lastError: null, attempts: 0 });
    expect(count('broken', domain)).toBe(1);
    expect(await broken.deadLetters()).toEqual([]);
  });

  test.concurrent('an add whose answer was lost but which landed is found, not repeated', async () => {
    const domain = 'landed.acme-bikes.com';
    const landed = flow.network('landed');
    landed.arm('/domains', { method: 'POST', does: 'now', answer: 'drop' });
    await landed.add(domain);
    await landed.settles(domain, { state: 'present', ambiguousUntil: null });
    expect(count('landed', domain)).toBe(1);
    expect(posts('landed')).toBe(1);
  });

  test.concurrent('an add that was lost before it landed is made again', async () => {
    const domain = 'vanished.acme-bikes.com';
    const vanished = flow.network('vanished');
    vanished.arm('/domains', { method: 'POST', does: 'never', answer: 'drop' });
    await vanished.add(domain);
    await vanished.settles(domain, { state: 'present', ambiguousUntil: null });
    expect(count('vanished', domain)).toBe(1);
    expect(posts('vanished')).toBe(2);
  });

  test.concurrent('a removal whose answer was lost but which landed ends as absent', async () => {
    const domain = 'removed.acme-bikes.com';
    const removed = flow.network('removed');
    await removed.add(domain);
    await removed.settles(domain, { state: 'present' });
    removed.arm('/domains/\\d+', {
      method: 'DELETE',
      does: 'now',
      answer: { status: 504, html: 'Gateway Timeout' },
    });
    await removed.remove(domain);
    await removed.settles(domain, { state: 'absent', lastError: null });
    expect(removed.hosted()).toEqual([removed.ownDomain]);
  });

  test.concurrent('a domain on the third page of a long list is found without a stored id, and removed', async () => {
    const domain = 'site-95.acme-bikes.com';
    const long = flow.network('long');
    // Announced late, so that no addition has stored the id.
    await long.remove(domain);
    await long.settles(domain, { state: 'failed', reason: 'not-announced' });
    await long.send('domain.added', { domain }, { timestamp: new Date(Date.now() - 600_000) });
    await long.settles(domain, { state: 'absent' });
    expect(long.hosted()).not.toContain(domain);
    expect(long.hosted()).toHaveLength(longList.length);
    const [first, second, third] = long.calls();
    expect([first, second, third]).toEqual(['GET /domains', 'GET /domains', 'GET /domains']);
    expect(long.calls()).toContainEqual(expect.stringMatching(/^DELETE \/domains\/\d+$/));
  });

  test.concurrent('a domain that is there already on the third page is success too', async () => {
    const domain = 'site-94.acme-bikes.com';
    const taken = flow.network('taken');
    await taken.add(domain);
    await taken.settles(domain, { state: 'present', lastError: null });
    expect(count('taken', domain)).toBe(1);
    // The first page says how many follow; they are read from the last to the first.
    expect(taken.calls()).toEqual(['POST /domains', ...Array(4).fill('GET /domains')]);
  });
});
