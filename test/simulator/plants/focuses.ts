import { certificateFocuses } from './focuses/certificates.ts';
import { domainFocuses } from './focuses/domains.ts';
import { itemFocuses } from './focuses/items.ts';
import { moveFocuses } from './focuses/moves.ts';
import { networkFocuses } from './focuses/networks.ts';
import { rowFocuses } from './focuses/rows.ts';
import { unreadableFocuses } from './focuses/unreadable.ts';

/** Kinds of history in which one fault or another shows soon; the search still has to find one that it breaks. */
export const focuses = {
  anything: {},
  ...domainFocuses,
  ...rowFocuses,
  ...networkFocuses,
  ...certificateFocuses,
  ...moveFocuses,
  ...unreadableFocuses,
  ...itemFocuses,
};

export type Focus = keyof typeof focuses;
