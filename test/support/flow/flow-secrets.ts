import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PlacedNetwork, type Secret, unspeakable } from '../runcloud/place-network.ts';

function withoutEmpty(secret: Secret): Secret {
  return Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== ''));
}

/** The secrets of a flow's networks, in the file that the functions are given them from. */
export async function flowSecrets(
  dir: string,
  placed: readonly PlacedNetwork[],
  hush: (...texts: readonly string[]) => void,
) {
  const file = join(dir, 'secrets.json');
  const secrets = new Map(placed.map(({ name, secret }) => [name, secret]));
  const write = async () => {
    const kept = [...secrets].map(([name, secret]) => [name, withoutEmpty(secret)] as const);
    const all = Object.fromEntries(kept.filter(([, secret]) => Object.keys(secret).length > 0));
    // A concurrent reader sees a whole file.
    await writeFile(`${file}.new`, JSON.stringify(all));
    await rename(`${file}.new`, file);
  };
  // Tests run side by side, and two writes at once would rename one file twice.
  let last = Promise.resolve();
  const writeInTurn = (): Promise<void> => {
    last = last.then(write);
    return last;
  };
  hush(...[...secrets.values()].flatMap(unspeakable));
  await writeInTurn();
  return {
    file,
    of: (network: string): Secret => secrets.get(network) ?? {},
    set: async (network: string, secret: Secret): Promise<void> => {
      hush(...unspeakable(secret));
      secrets.set(network, secret);
      await writeInTurn();
    },
  };
}
