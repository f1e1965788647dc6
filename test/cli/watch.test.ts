import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { point } from '../../local/demo/world.ts';
import { type CliWorld, startCliWorld, startProgram } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const shop = 'shop.acme-bikes.com';
const waiting = 'waiting.acme-bikes.com';

let world: CliWorld;

beforeAll(async () => {
  const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
  world = await startCliWorld({
    secrets: { acme: secret },
    certificateRetryBaseSeconds: 0.3,
    runcloud: { switches: { callsPerMinute: 6_000, sslIssueMs: 300 } },
  });
  point(world.stack.internet, 'network.example.com', 'here');
});
afterAll(() => world.close());

describe('waiting', () => {
  test('status --watch redraws one domain in its place until its certificate is there', async () => {
    await world.relay(['add', shop, '--no-www']);
    const terminal = world.terminal(['status', shop, '--watch']);
    await terminal.shows('waiting-dns (dns-none)');
    point(world.stack.internet, shop, 'here');
    expect(await terminal.ended).toEqual({ code: 0, signal: 0 });
    expect(terminal.text()).toMatch(/certificate +valid, until 20\d\d-/);
    // Moves up and clears what it drew before.
    expect(terminal.raw()).toContain('\u001b[0J');
    expect(terminal.raw()).toContain('\u001b[32m');
  });

  test('--wait ends when a person has to act, with 1 and the fix', async () => {
    const result = await world.relay(['add', waiting, '--no-www', '--wait', '--json']);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      new RegExp(`${waiting}: accepted\\n${waiting} waits for its DNS: Point an A record for ${waiting} at `),
    );
    expect(JSON.parse(result.stdout)).toMatchObject({
      network: 'acme',
      domains: [{ domain: waiting, status: 'accepted', error: null, certificate: { state: 'waiting-dns' } }],
    });
  });

  test('--wait ends when the time is over', async () => {
    // The removal must not be done before the command looks.
    const answers = world.stack.runcloud.arm({
      path: /\/domains/,
      times: Number.POSITIVE_INFINITY,
      answer: 'silence',
    });
    const result = await world.relay(['remove', 'other.acme-bikes.com', '--wait', '--timeout', '0']);
    answers();
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/is not done after 0 s: the relay goes on, see relay status/);
  });

  test('status --watch of the network ends by Ctrl-C, and by the signal', async () => {
    const terminal = world.terminal(['status', '--watch'], { columns: 60, rows: 10 });
    await terminal.shows(/acme: \d domains, \d done, .*1 waiting for DNS/);
    await terminal.shows(waiting);
    terminal.type('\u0003');
    expect(await terminal.ended).toMatchObject({ signal: 2 });
    for (const line of terminal.text().split('\n')) expect(line.length).toBeLessThan(60);
  });

  test('without a terminal --watch prints what changes, without colours', async () => {
    const result = await world.relay(['status', shop, '--watch']);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^domain +shop\.acme-bikes\.com \(acme\), wanted present\n/);
    expect(result.stdout).not.toContain('\u001b');
    // An instant, not a countdown: a log would get a line for each second of it.
    const { stdout } = await world.relay(['list', '--state', 'waiting-dns']);
    expect(stdout).toMatch(/waiting-dns \(dns-none\) +20\d\d-\d\d-\d\d [\d:]+Z$/m);
  });

  test('status --json of the network counts, and holds those that are not done', async () => {
    const result = await world.relay(['status', '--json']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      network: 'acme',
      counts: { 'waiting-dns': 1, failed: 0, unreadable: 0 },
      domains: expect.arrayContaining([expect.objectContaining({ domain: waiting })]),
    });
  });

  test('a reader that closes the pipe ends the command without an error', async () => {
    const script = 'set -o pipefail; node cli/main.js list | head -n 0';
    const { code, stdout, stderr } = await startProgram('bash', ['-c', script], world.temporary).result;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toMatch(/EPIPE|\n +at /);
  });
});
