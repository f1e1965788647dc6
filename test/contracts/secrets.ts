import { describe, expect, test } from '@jest/globals';
import { type NetworkSettings, parseSettings, type Secrets } from '../../lib/settings/settings.ts';

/** What a network's secret may hold at the least. */
export function secretOf(serverId = '7') {
  return {
    WU_RUNCLOUD_API_TOKEN: 'workspace-token',
    WU_RUNCLOUD_SERVER_ID: serverId,
    WU_RUNCLOUD_APP_ID: '9',
    RELAY_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  };
}

export interface SecretsUnderTest {
  readonly secrets: Secrets<NetworkSettings>;
  /** Makes a network's secret be this. */
  put(network: string, secret: Record<string, string>): Promise<void>;
  /** Lets time pass until a fresh read is allowed. */
  later(): Promise<void>;
}

export function settingsOf(secret: Record<string, string>) {
  return parseSettings(JSON.stringify(secret));
}

export function secretsContract(name: string, empty: () => Promise<SecretsUnderTest>) {
  describe(name, () => {
    test('returns the settings of each network', async () => {
      const { secrets, put } = await empty();
      await put('default', secretOf('7'));
      await put('second', secretOf('8'));
      expect(await secrets.settings('default')).toEqual(settingsOf(secretOf('7')));
      expect(await secrets.settings('second')).toEqual(settingsOf(secretOf('8')));
    });

    test('knows nothing of a network without a secret', async () => {
      const { secrets } = await empty();
      expect(await secrets.settings('nobody')).toBeUndefined();
      expect(await secrets.settings('nobody', { fresh: true })).toBeUndefined();
    });

    test('a fresh read sees what has changed', async () => {
      const { secrets, put, later } = await empty();
      await put('default', secretOf('7'));
      await secrets.settings('default');
      await put('default', secretOf('8'));
      await later();
      expect((await secrets.settings('default', { fresh: true }))?.serverId).toBe('8');
      expect((await secrets.settings('default'))?.serverId).toBe('8');
    });
  });
}
