import { BadUsage, CommandFailed } from '../errors.ts';
import { type Io, say } from '../io.ts';
import type { RotateOptions } from '../options.ts';
import { canAsk } from '../output/ask.ts';
import { askSecret } from '../output/ask-secret.ts';
import { confirmed } from '../output/confirm.ts';
import { printJson } from '../output/json.ts';
import { findTarget } from '../target/find-target.ts';
import { changeValues, readValues, type SecretValues } from '../target/secrets/secret-store.ts';
import type { Aws } from '../target/services/aws.ts';
import { checkedNetwork } from './network/checked-network.ts';
import { newRelaySecret, newToken } from './network/new-value.ts';
import { testConnection } from './network/test-connection.ts';

interface Rotation {
  readonly key: 'RELAY_SECRET' | 'RELAY_READ_TOKEN' | 'RELAY_HOOK_TOKEN';
  readonly fresh: () => string;
  /** The callers that need the new value. */
  readonly users: string;
}

const rotations = {
  relay: { key: 'RELAY_SECRET', fresh: newRelaySecret, users: 'the multisite (WU_RUNCLOUD_RELAY_SECRET)' },
  read: { key: 'RELAY_READ_TOKEN', fresh: newToken, users: 'every reader (WU_RUNCLOUD_RELAY_READ_TOKEN)' },
  hook: { key: 'RELAY_HOOK_TOKEN', fresh: newToken, users: 'the built-in webhook, in its address' },
} as const satisfies Record<string, Rotation>;

function chosen({ relay, read, hook, runcloud }: RotateOptions): keyof typeof rotations | 'runcloud' {
  const named = Object.entries({ relay, read, hook, runcloud }).filter(([, value]) => value === true);
  if (named.length > 1)
    throw new BadUsage('Rotate one value at a time: --relay, --read, --hook or --runcloud.');
  if (runcloud) return 'runcloud';
  if (read) return 'read';
  return hook ? 'hook' : 'relay';
}

function valuesIn(text: unknown): string[] {
  return typeof text === 'string' ? text.split(/\s+/).filter((value) => value !== '') : [];
}

interface Turn {
  readonly network: string;
  readonly values: SecretValues;
  readonly aws: Aws;
}

/** The first call adds a new value, and both count. The second one ends the old value. */
async function rotateOwn({ key, fresh, users }: Rotation, turn: Turn, options: RotateOptions, io: Io) {
  const { network, values, aws } = turn;
  const [newest, ...older] = valuesIn(values[key]);
  if (older.length > 0) {
    const withoutOlder = (text: unknown) =>
      [...new Set(valuesIn(text))].filter((value) => value === newest || !older.includes(value)).join(' ');
    const question = `Do all senders and readers use the new ${key}? The old one ends.`;
    await confirmed(question, 'Both values stay valid', options, io);
    // The answer may have taken long, and is about these values alone.
    await changeValues(network, (now) => ({ ...now, [key]: withoutOlder(now[key]) }), aws);
    say(
      io,
      `${network}: the old ${key} has ended; an instance that still knows it forgets it within five minutes`,
    );
    if (options.json) printJson(io, { network, key, step: 'ended', value: null });
    return;
  }
  const value = fresh();
  await changeValues(network, (now) => ({ ...now, [key]: [value, ...valuesIn(now[key])].join(' ') }), aws);
  if (options.json) printJson(io, { network, key, step: 'added', value });
  else io.stdout.write(`${value}\n`);
  say(
    io,
    `${network}: a new ${key} counts in ten seconds${newest === undefined ? '' : ', and so does the old one'}. Give it to ${users}.`,
  );
  if (newest !== undefined) say(io, 'Then run this command again to end the old one.');
}

/** RunCloud's token is made in its panel, where the old one stays valid until it is revoked. */
async function rotateRuncloud({ network, values, aws }: Turn, options: RotateOptions, io: Io) {
  const key = 'WU_RUNCLOUD_API_TOKEN';
  const given = io.env[key];
  if (!given && !canAsk(io)) {
    throw new CommandFailed(
      `Nothing was saved, because there is no terminal to ask on: set ${key} in the environment.`,
    );
  }
  const token = given || (await askSecret(key, 'Nothing was saved', io));
  await testConnection(network, { ...values, [key]: token }, aws, io);
  await changeValues(network, (now) => ({ ...now, [key]: token }), aws);
  if (options.json) printJson(io, { network, key, step: 'replaced', value: null });
  say(io, `${network}: the new ${key} is saved. Revoke the old one in RunCloud in five minutes.`);
}

/** Rotates one value of a network's secret without a refused call. */
export async function rotateSecret(name: string, options: RotateOptions, io: Io): Promise<void> {
  const network = checkedNetwork(name);
  const which = chosen(options);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  const turn = { network, aws, values: await readValues(network, aws) };
  if (which === 'runcloud') await rotateRuncloud(turn, options, io);
  else await rotateOwn(rotations[which], turn, options, io);
}
