import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { parseBuiltIn } from '../lib/webhook/built-in.ts';
import { type EventType, parseEvent } from '../lib/webhook/event.ts';

const folder = new URL('../events/', import.meta.url);
const nowMs = Date.parse('2026-11-21T05:00:00Z');

const sampleSchema = z.strictObject({
  description: z.string().min(10),
  network: z.literal('demo'),
  path: z.string().startsWith('/demo/'),
  secondsAgo: z.int().nonnegative().default(0),
  times: z.int().positive().default(1),
  meanwhile: z.enum(['runcloud-busy', 'dns-elsewhere']).optional(),
  body: z.record(z.string(), z.unknown()),
});
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const samples = names.map((name) => ({
  name,
  ...sampleSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
}));

const types: Readonly<Record<string, EventType>> = {
  '/demo/domain-added': 'domain.added',
  '/demo/domain-removed': 'domain.removed',
  '/demo/ssl-retry': 'domain.ssl_retry',
};
const hookPath = '/demo/hooks/{token}/domain-created';

function bytes(body: object) {
  return Buffer.from(JSON.stringify(body));
}

describe('the sample events', () => {
  test('there is one for every API handler and for both payloads of the built-in webhook', () => {
    expect(new Set(samples.map(({ path }) => path))).toEqual(new Set([...Object.keys(types), hookPath]));
    const hooks = samples.filter(({ path }) => path === hookPath);
    expect(hooks.map(({ body }) => parseBuiltIn(builtIn(body, 0), nowMs).kind).sort()).toEqual([
      'added',
      'test',
    ]);
  });

  const builtIn = (body: object, secondsAgo: number) => {
    const at = new Date(nowMs - secondsAgo * 1000).toISOString();
    return bytes({ domain_date_created: at.slice(0, 19).replace('T', ' '), ...body });
  };

  test.each(samples)('$name is taken by its API handler', ({ path, body, secondsAgo }) => {
    if (path === hookPath) {
      expect(['added', 'test']).toContain(parseBuiltIn(builtIn(body, secondsAgo), nowMs).kind);
      return;
    }
    const type = types[path];
    if (type === undefined) throw new Error(`No API handler at ${path}`);
    const timestamp = new Date(nowMs - secondsAgo * 1000).toISOString();
    expect(parseEvent(bytes({ timestamp, ...body }), type, nowMs)).toMatchObject({
      timestamp,
      domain: expect.stringMatching(/acme-bikes\.com$/),
    });
  });
});
