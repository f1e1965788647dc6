import { afterEach, beforeEach, expect } from '@jest/globals';
import { z } from 'zod';
import { receive } from '../../../functions/connection.ts';
import type { ReadServices } from '../../../functions/services/read.ts';
import type { ReadSettings } from '../../../functions/services/secrets.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { answer, json } from '../../support/api/api-world.ts';
import { connectionCall, readWorld } from '../../support/api/read-world.ts';
import { primary, runcloudWorld } from '../../support/runcloud/runcloud.ts';

const reportSchema = z.strictObject({
  network: z.literal('demo'),
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'failed', 'not-answered', 'skipped']),
      detail: z.string().min(1),
      fix: z.string().min(1).nullable(),
    }),
  ),
});

const wildcard = { name: '*.network.example' };
export let runcloud: RunningRuncloud;

/** A RunCloud of its own for each test. */
export function startsRuncloud(): void {
  beforeEach(async () => {
    runcloud = await runcloudWorld({ app: { domains: [primary, wildcard], advancedSSL: true } });
  });

  afterEach(() => runcloud.close());
}

export function worldOf(settings: Partial<ReadSettings> = {}, part: Partial<ReadServices> = {}) {
  return readWorld({ runcloudUrl: runcloud.url, ...part }, settings);
}

/** The report, and its checks by name. */
export async function reportIn(world: ReturnType<typeof readWorld>) {
  const reply = await answer(receive, connectionCall(), world.services, 30_000);
  expect(reply.statusCode).toBe(200);
  const { ok, checks } = reportSchema.parse(json(reply));
  const check = (name: string) => checks.find((candidate) => candidate.name === name);
  return { ok, states: checks.map(({ name, state }) => `${name} ${state}`), check };
}

export function report(settings: Partial<ReadSettings> = {}, part: Partial<ReadServices> = {}) {
  return reportIn(worldOf(settings, part));
}

export const allOk = [
  'secret ok',
  'token ok',
  'server ok',
  'web-app ok',
  'domains ok',
  'certificates ok',
  'wildcard ok',
];

/** All is well before that check, and nothing is tried that leans on it. */
export function brokenAt(name: string, state: 'failed' | 'not-answered') {
  const at = allOk.indexOf(`${name} ok`);
  return allOk.map((line, index) =>
    index < at ? line : index === at ? `${name} ${state}` : line.replace(' ok', ' skipped'),
  );
}
