import type { UnreadableItem } from '../../../lib/errors.ts';
import { CommandFailed } from '../../errors.ts';

/** An item that only a newer version of the relay can read, or that was edited by hand. */
export function unreadableItem(error: UnreadableItem): CommandFailed {
  return new CommandFailed(
    `${error.message}. Deploy the newer version again, or correct that item (docs/operations/roll-back.md, "Unreadable items").`,
    { cause: error },
  );
}
