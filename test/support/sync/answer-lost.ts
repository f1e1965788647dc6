import { Unavailable } from '../../../lib/errors.ts';
import type { Kind } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';

/** DynamoDB stores the first write of an item of one kind, and gives no answer for as long as a call may take. */
export function answerLost(ledger: Ledger, kind: Kind): Ledger {
  let isLost = false;
  const { write } = ledger;
  return {
    ...ledger,
    write: async (key, item, writes) => {
      const done = await write(key, item, writes);
      if (isLost || key.kind !== kind) return done;
      isLost = true;
      throw new Unavailable('ledger', new Error('aborted'));
    },
  };
}
