import { expect, test } from '@jest/globals';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { runcloudFor } from '../../../local/runcloud/state/runcloud-for.ts';
import { secretOfNetwork } from '../../support/stack/stack.ts';

function settings(changes: Record<string, string>) {
  return parseSettings(JSON.stringify(secretOfNetwork({ WU_RUNCLOUD_API_TOKEN: 'token-one', ...changes })));
}

test('networks of one token share a workspace, and its servers', () => {
  const made = runcloudFor([
    settings({ WU_RUNCLOUD_SERVER_ID: '1', WU_RUNCLOUD_APP_ID: '2' }),
    settings({ WU_RUNCLOUD_SERVER_ID: '1', WU_RUNCLOUD_APP_ID: '3' }),
    settings({ WU_RUNCLOUD_SERVER_ID: '4', WU_RUNCLOUD_APP_ID: '5', WU_RUNCLOUD_API_TOKEN: 'token-two' }),
  ]);
  expect(made).toMatchObject([
    { tokens: ['token-one'], servers: [{ id: 1, apps: [{ id: 2 }, { id: 3 }] }] },
    { tokens: ['token-two'], servers: [{ id: 4, apps: [{ id: 5 }] }] },
  ]);
});

test('two networks that name one application meet in it', () => {
  const [workspace] = runcloudFor([settings({ PROTECTED_DOMAINS: 'first.example.com' }), settings({})]);
  expect(workspace?.servers?.[0]?.apps).toEqual([
    { id: 7, domains: [{ name: 'first.example.com', type: 'primary' }] },
  ]);
});

test('a key and its secret open a personal space', () => {
  const [workspace] = runcloudFor([
    settings({ WU_RUNCLOUD_API_TOKEN: '', WU_RUNCLOUD_API_KEY: 'key', WU_RUNCLOUD_API_SECRET: 'secret' }),
  ]);
  expect(workspace).toMatchObject({ keys: [{ key: 'key', secret: 'secret' }] });
});
