import type { z } from 'zod';
import { CommandFailed } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Relay } from '../target/relay.ts';
import { bodyOf } from './answer.ts';
import { callRelay } from './call.ts';
import { Refused } from './errors.ts';
import { type Page, pageSchema, statusSchema } from './schemas.ts';

type ReadIo = Pick<Io, 'signal' | 'sleep' | 'now'>;

/** The answer of a read route, parsed and as it came. */
export async function readRelay<T>(relay: Relay, path: string, schema: z.ZodType<T>, io: ReadIo) {
  const { network, target, credentials } = relay;
  const [token] = credentials.readTokens;
  if (token === undefined) {
    throw new CommandFailed(
      `No RELAY_READ_TOKEN for network ${network}: set it in its secret, with --url in the environment.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailed(
      `The RELAY_READ_TOKEN for network ${network} holds a character that no token has: correct it.`,
    );
  }
  const headers = () => ({ authorization: `Bearer ${token}` });
  const response = await callRelay(target, { path: `/${network}${path}`, headers }, io);
  return bodyOf(response, schema, { relay, used: 'RELAY_READ_TOKEN', nowMs: io.now() });
}

/** Where a domain stands. Throws `Refused('not-found')` for one that the relay does not know. */
export async function readStatus(relay: Relay, domain: string, io: ReadIo, { live = false } = {}) {
  const path = `/domains/${encodeURIComponent(domain)}${live ? '?live=1' : ''}`;
  try {
    return await readRelay(relay, path, statusSchema, io);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'not-found') throw error;
    throw new Refused(
      error.code,
      `Network ${relay.network} does not know this domain: check its name, or announce it with relay add.`,
    );
  }
}

const PAGE_ROWS = '100';

/** All pages of the list, one after the other. */
export async function* readPages(relay: Relay, io: ReadIo, state?: string): AsyncGenerator<Page> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = new URLSearchParams({
      limit: PAGE_ROWS,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const { parsed } = await readRelay(relay, `/domains?${query}`, pageSchema, io);
    yield parsed;
    cursor = parsed.cursor;
  }
}
