import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRelayCli } from '../support/stack/relay-cli.ts';

let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'relay-completion-'));
});
afterAll(() => rm(temporary, { recursive: true }));

async function script(shell: string): Promise<string> {
  const { code, stdout, stderr } = await startRelayCli(['completion', shell], temporary).result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** What bash offers after these words, the last of them begun. */
function offered(completion: string, words: readonly string[]): string[] {
  const asked = `${completion}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _runcloud_relay
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', asked], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  test('of bash offers commands, their options and the values of their arguments', async () => {
    const bash = await script('bash');
    expect(offered(bash, ['relay', 'st'])).toEqual(['status']);
    expect(offered(bash, ['relay', 'sync', 'list.csv', '--rem'])).toEqual(['--remove-missing']);
    expect(offered(bash, ['relay', '--local', 'status', '--l'])).toEqual(['--live', '--local']);
    expect(offered(bash, ['relay', 'completion', ''])).toEqual(
      expect.arrayContaining(['bash', 'zsh', 'fish', '--help']),
    );
    expect(offered(bash, ['relay', 'status', '--wa'])).toEqual(['--watch']);
    expect(offered(bash, ['relay', 'list', '--wa'])).toEqual([]);
  });

  test('of bash is set for both names of the command', async () => {
    const { stdout } = spawnSync(
      'bash',
      ['--norc', '-c', `${await script('bash')}\ncomplete -p relay runcloud-relay`],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe(
      'complete -o default -F _runcloud_relay relay\ncomplete -o default -F _runcloud_relay runcloud-relay\n',
    );
  });

  test('of zsh and fish names every command and quotes what it says', async () => {
    const [zsh, fish] = [await script('zsh'), await script('fish')];
    for (const command of ['status', 'ssl-retry', 'completion']) {
      expect(zsh).toContain(`'${command}:`);
      expect(fish).toMatch(new RegExp(`^complete -c relay -n '[^']*' -a ${command} -d '[^']+'$`, 'm'));
    }
    for (const line of fish.split('\n').filter((text) => text.startsWith('complete'))) {
      expect(line.split("'").length % 2).toBe(1);
    }
  });
});
