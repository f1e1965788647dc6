import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSignature, verifySignature } from '../../lib/webhook/signature.ts';
import { readNetworks } from '../../local/aws/secrets-manager/networks.ts';
import { latestUpdates, type Said, toCall } from '../../local/demo/call.ts';
import { readEvents } from '../../local/demo/events.ts';
import { asTold, type ResultRow, table } from '../../local/demo/result.ts';
import { projectDir } from '../../local/service.ts';

const now = Date.parse('2026-11-21T05:00:00.123Z');

const at = { beganMs: now, nowMs: now };

describe('the sample events', () => {
  const networks = readNetworks(join(projectDir, 'local', 'secrets.json'));
  const settings = networks.usable.get('demo');
  if (settings === undefined) throw new Error('The secrets of the demo are usable');

  test('every one of them becomes a call', async () => {
    const events = await readEvents(join(projectDir, 'events'));
    expect(events.length).toBeGreaterThan(5);
    for (const event of events) {
      const { path, body } = toCall(event, settings, at);
      expect(path).not.toContain('{');
      expect(JSON.parse(body)).toMatchObject(event.body);
    }
  });

  test('signed calls carry a signature of the network, the built-in ones its token', async () => {
    const events = await readEvents(join(projectDir, 'events'));
    const calls = events.map((event) => toCall(event, settings, at));
    const [built, signed] = [
      calls.filter(({ path }) => path.includes('/hooks/')),
      calls.filter(({ path }) => !path.includes('/hooks/')),
    ];
    expect(built.length * signed.length).toBeGreaterThan(0);
    for (const { path, headers } of built) {
      expect(path).toContain(settings.hookTokens[0]);
      expect(headers).not.toHaveProperty('webhook-signature');
    }
    for (const { headers, body } of signed) {
      const signature = readSignature(headers, now);
      if (signature === undefined) throw new Error('Not signed');
      expect(verifySignature(Buffer.from(body), signature, settings.relaySecrets)).toBe(true);
    }
  });

  test('however late it is sent, what happened before is older', async () => {
    const [early, late] = (await readEvents(join(projectDir, 'events'))).filter(
      ({ secondsAgo }) => secondsAgo > 0,
    );
    if (early === undefined || late === undefined) throw new Error('The demo tells of the past');
    const saidAt = (event: typeof early, nowMs: number) =>
      toCall(event, settings, { beganMs: now, nowMs }).said?.atMs;
    expect(saidAt(early, now)).toBe(now - early.secondsAgo * 1_000);
    expect(saidAt(late, now + 60_000)).toBe(now - late.secondsAgo * 1_000);
  });

  test('the demo has a text for both requests', async () => {
    const events = await readEvents(join(projectDir, 'events'));
    const updates = latestUpdates(events.flatMap((event) => toCall(event, settings, at).said ?? []));
    expect(new Set(updates.map(({ wanted }) => wanted))).toEqual(new Set(['present', 'absent']));
  });
});

describe('what the events say', () => {
  const update = (domain: string, wanted: Said['wanted'], atMs: number): Said => ({
    network: 'demo',
    domain,
    wanted,
    atMs,
  });

  test('the last update about a domain counts, not the last one that came', () => {
    const added = update('a.example.com', 'present', 1);
    const removed = update('a.example.com', 'absent', 3);
    const late = update('a.example.com', 'present', 2);
    const other = update('b.example.com', 'present', 1);
    expect(latestUpdates([added, removed, late, other])).toEqual([removed, other]);
  });

  const row = (wanted: ResultRow['wanted'], runcloud: ResultRow['runcloud']): ResultRow => ({
    domain: 'a.example.com',
    wanted,
    runcloud,
    hosting: 'pending',
    certificate: 'none',
    shown: undefined,
  });

  test('RunCloud must have what is wanted present and nothing that is wanted absent', () => {
    expect(asTold([row('present', 'present'), row('absent', 'absent')])).toBe(true);
    expect(asTold([row('present', 'present'), row('present', 'absent')])).toBe(false);
    expect(asTold([row('absent', 'present')])).toBe(false);
  });

  test('where visitors could look, what is wanted present needs a certificate that they and the ledger call valid', () => {
    const secured = { ...row('present', 'present'), certificate: 'valid', shown: 'valid' as const };
    expect(asTold([secured, row('absent', 'absent')])).toBe(true);
    expect(asTold([{ ...secured, shown: 'not valid' }])).toBe(false);
    expect(asTold([{ ...secured, certificate: 'requested' }])).toBe(false);
    expect(asTold([{ ...secured, runcloud: 'absent' }])).toBe(false);
  });

  test('nothing said and nothing answered are no success', () => {
    expect(asTold([])).toBe(false);
    expect(asTold([row('absent', 'not answered')])).toBe(false);
  });

  test('the table has a line for each domain', () => {
    const lines = table([row('present', 'absent')]).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/a\.example\.com +present +absent +pending +none +-$/);
  });
});
