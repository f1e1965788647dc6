import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { announcementDir, announcementSchema } from '../../cli/target/announcement.ts';
import { signatureHeaders } from '../support/api/sign.ts';
import { eventually } from '../support/eventually.ts';
import { kill, npmStart, type RunningStart } from '../support/stack/npm-start.ts';

const secretSchema = z.object({
  RELAY_SECRET: z.string(),
  RELAY_READ_TOKEN: z.string(),
  WU_RUNCLOUD_API_TOKEN: z.string(),
});
const secretsFile = join(import.meta.dirname, '..', '..', 'local', 'secrets.json');
const listSchema = z.object({
  domains: z.array(z.object({ domain: z.string(), hosting: z.object({ state: z.string() }) })),
});
const liveSchema = z.object({ live: z.looseObject({}) });
const rowsSchema = z.object({ data: z.array(z.object({ name: z.string() })) });

const rarely = { everyMs: 100 };

describe('npm start with STATE_DIR', () => {
  let stateDir: string;
  let secret: z.infer<typeof secretSchema>;
  const running: RunningStart[] = [];

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'restart-test-'));
    secret = z.object({ demo: secretSchema }).parse(JSON.parse(await readFile(secretsFile, 'utf8'))).demo;
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map(kill));
    await rm(stateDir, { recursive: true });
  });

  const start = (env: Record<string, string> = {}) => {
    const one = npmStart({ DEMO: 'off', STATE_DIR: stateDir, ...env });
    running.push(one);
    return one;
  };
  const tell = async (url: string, type: 'added' | 'removed', domain: string) => {
    const body = JSON.stringify({
      type: `domain.${type}`,
      timestamp: new Date().toISOString(),
      data: { domain },
    });
    const signed = signatureHeaders(body, {
      secrets: [secret.RELAY_SECRET],
      id: `msg_${randomUUID()}`,
      nowMs: Date.now(),
    });
    const answer = await fetch(`${url}/demo/domain-${type}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
    });
    expect([domain, answer.status]).toEqual([domain, 202]);
  };
  const read = async (url: string, path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${secret.RELAY_READ_TOKEN}` };
    return (await fetch(`${url}/demo${path}`, { headers })).json();
  };
  const states = async (url: string) => {
    const { domains } = listSchema.parse(await read(url, '/domains?limit=100'));
    return Object.fromEntries(domains.map(({ domain, hosting }) => [domain, hosting.state]));
  };
  /** What RunCloud itself says it serves. */
  const rows = async ({ child }: RunningStart): Promise<string[]> => {
    const announced = await readFile(join(announcementDir(), `${child.pid}.json`), 'utf8');
    const { runcloudUrl } = announcementSchema.parse(JSON.parse(announced));
    const path = '/api/v3/servers/1/webapps/2/domains?perPage=40';
    const headers = { authorization: `Bearer ${secret.WU_RUNCLOUD_API_TOKEN}` };
    const answer = rowsSchema.parse(await (await fetch(`${runcloudUrl}${path}`, { headers })).json());
    return answer.data.map(({ name }) => name);
  };

  test('brings every accepted event to its end, whenever it is killed', async () => {
    const batch = (name: string) => Array.from({ length: 4 }, (_, n) => `${name}-${n}.acme-bikes.com`);
    const moments: [name: string, until: (one: RunningStart, url: string) => unknown][] = [
      ['at-once', () => {}],
      [
        'in-between',
        (one) => eventually(async () => expect((await rows(one)).length).toBeGreaterThan(4), rarely),
      ],
      [
        'at-rest',
        (_, url) =>
          eventually(
            async () => expect(new Set(Object.values(await states(url)))).toEqual(new Set(['present'])),
            rarely,
          ),
      ],
    ];
    const added: string[] = [];
    for (const [name, until] of moments) {
      const one = start();
      const url = await one.ready;
      await Promise.all(batch(name).map((domain) => tell(url, 'added', domain)));
      added.push(...batch(name));
      await until(one, url);
      await kill(one);
    }

    const second = start();
    const removed = added.filter((_, n) => n % 4 === 0);
    const secondUrl = await second.ready;
    expect(await rows(second)).toEqual(expect.arrayContaining(added));
    for (const domain of removed) await tell(secondUrl, 'removed', domain);
    await kill(second);

    const last = start();
    const url = await last.ready;
    const gone = new Set(removed);
    const expected = Object.fromEntries(
      added.map((domain) => [domain, gone.has(domain) ? 'absent' : 'present']),
    );
    await eventually(async () => expect(await states(url)).toEqual(expected), rarely);
    expect((await rows(last)).toSorted()).toEqual(
      ['network.example.com', ...added.filter((domain) => !gone.has(domain))].toSorted(),
    );
  });

  test('keeps names, certificates and their authority', async () => {
    const first = start({ DEMO: 'on' });
    await first.saysLine(/^(RunCloud ended as the events say\.)$/m);
    await kill(first);

    const second = start();
    const url = await second.ready;
    // On a busy machine a live check may end before it is answered.
    await eventually(async () => {
      const shown = liveSchema.parse(await read(url, '/domains/shop.acme-bikes.com?live=1'));
      expect(shown.live).toMatchObject({
        runcloud: { type: 'alias' },
        dns: { verdict: 'here' },
        tls: { valid: true },
      });
    });
  });

  test('is refused a second time, and where nothing can be read', async () => {
    const first = start();
    await first.ready;
    expect(await start().ended).toMatchObject({
      code: 1,
      out: '',
      err: `STATE_DIR ${stateDir} is in use by another npm start: stop that one, or name another directory\n`,
    });
    await kill(first);
    // Without its log of writes: with it even half a file is whole again.
    await rm(join(stateDir, 'state.db-wal'));
    await truncate(join(stateDir, 'state.db'), 100);
    expect(await start().ended).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^STATE_DIR .* delete state\.db there to start anew, or name another directory\n$/,
      ),
    });
  });
});
