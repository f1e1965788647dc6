import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { canAsk } from '../../output/ask.ts';
import { askSecret } from '../../output/ask-secret.ts';
import { askText } from '../../output/ask-text.ts';

interface PromptedValue {
  readonly key: string;
  readonly message: string;
  readonly hidden: boolean;
  readonly required: boolean;
}

const UNDONE = 'Nothing was saved';

const asked: readonly PromptedValue[] = [
  {
    key: 'WU_RUNCLOUD_API_TOKEN',
    message: 'WU_RUNCLOUD_API_TOKEN (Workspace > Settings > API Management)',
    hidden: true,
    required: true,
  },
  {
    key: 'WU_RUNCLOUD_SERVER_ID',
    message: "WU_RUNCLOUD_SERVER_ID (from the panel's address)",
    hidden: false,
    required: true,
  },
  {
    key: 'WU_RUNCLOUD_APP_ID',
    message: "WU_RUNCLOUD_APP_ID (from the panel's address)",
    hidden: false,
    required: true,
  },
  {
    key: 'PROTECTED_DOMAINS',
    message: "PROTECTED_DOMAINS (the network's own domains, with commas)",
    hidden: false,
    required: false,
  },
];

/** Further keys that are taken from the environment alone. */
const optional = [
  'WU_RUNCLOUD_API_KEY',
  'WU_RUNCLOUD_API_SECRET',
  'CALLBACK_URL',
  'SERVER_ADDRESSES',
  'DNS_TARGET',
] as const;

function fromEnvironment({ env }: Io, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = env[key];
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
}

/** What RunCloud and the operator know of a network: from the environment, otherwise asked. */
export async function askValues(io: Io): Promise<Record<string, string>> {
  const values = fromEnvironment(io, [...optional, ...asked.map(({ key }) => key)]);
  // A personal space has a pair in place of the token.
  const hasPair = 'WU_RUNCLOUD_API_KEY' in values;
  const missing = asked.filter(
    ({ key }) => !(key in values) && !(hasPair && key === 'WU_RUNCLOUD_API_TOKEN'),
  );
  if (!canAsk(io)) {
    const needed = missing.filter(({ required }) => required).map(({ key }) => key);
    if (needed.length === 0) return values;
    throw new CommandFailed(
      `${UNDONE}, because there is no terminal to ask on: set ${needed.join(', ')} in the environment.`,
    );
  }
  for (const { key, message, hidden } of missing) {
    const answer = hidden ? await askSecret(message, UNDONE, io) : await askText(message, UNDONE, io);
    if (answer !== '') values[key] = answer;
  }
  return values;
}
