import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** The file of secrets cannot be used. Names the file; what stands in it is not shown, and not quoted by a cause. */
export class SecretsFileFaulty extends Error {
  override readonly name = 'SecretsFileFaulty';
  readonly file: string;

  constructor(file: string, fault: string) {
    super(`${file} ${fault}`);
    this.file = file;
  }
}

/** Networks and what their secrets hold. That is checked where it is used, so that one faulty network harms no other. */
export type SecretsByNetwork = Readonly<Record<string, unknown>>;

const secretsSchema = z.record(z.string(), z.unknown());

function textOf(file: string) {
  try {
    // As the relay reads a secret: without a byte order mark.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new SecretsFileFaulty(file, 'cannot be read');
  }
}

function jsonIn(file: string): unknown {
  const text = textOf(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new SecretsFileFaulty(file, 'is not valid JSON');
  }
}

function parse(file: string): SecretsByNetwork {
  const parsed = secretsSchema.safeParse(jsonIn(file));
  if (!parsed.success) throw new SecretsFileFaulty(file, 'must hold a JSON object: {"<network>": {…}}');
  return parsed.data;
}

/** Which state of the file it is; a file that is gone has a state of its own. */
function stateOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'gone' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}

/**
 * Reads the file now and, whenever it has changed, at a later call. Throws `SecretsFileFaulty` for as long as it is faulty.
 */
export function secretsFile(file: string): () => SecretsByNetwork {
  let state = stateOf(file);
  let secrets: SecretsByNetwork | undefined = parse(file);
  return () => {
    const now = stateOf(file);
    if (now !== state || secrets === undefined) {
      // Content from before a fault is not served after it: the file may have dropped a network.
      secrets = undefined;
      secrets = parse(file);
      state = now;
    }
    return secrets;
  };
}

/** Replaces the file as a whole, so that no reader meets half of it. Only its owner may read what is written. */
export function writeSecretsFile(file: string, secrets: SecretsByNetwork): void {
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}
