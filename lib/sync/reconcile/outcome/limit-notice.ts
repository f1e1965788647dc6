import type { WaitReason } from '../../ledger/errors.ts';
import type { NewNotice } from '../../notices/record.ts';

const FIX =
  'If you expect this many, wait or raise the number in the secret. If not, set PAUSED to true and look for the sender';

/** The notice that a limit holds domains of the network: a sender may have run away. Undefined: none is needed. */
export function limitNotice(reason: WaitReason | null): NewNotice | undefined {
  switch (reason) {
    case 'removals-limited':
      return {
        code: reason,
        message: 'More removals than REMOVALS_PER_HOUR: the rest wait',
        fix: FIX,
        command: 'list --state open',
      };
    case 'additions-limited':
      return {
        code: reason,
        message: 'More additions than ADDITIONS_PER_HOUR: the rest wait',
        fix: FIX,
        command: 'list --state open',
      };
    default:
      return undefined;
  }
}
