import { expect, test } from '@jest/globals';
import { certificateFocuses } from './plants/focuses/certificates.ts';
import { domainFocuses } from './plants/focuses/domains.ts';
import { itemFocuses } from './plants/focuses/items.ts';
import { moveFocuses } from './plants/focuses/moves.ts';
import { networkFocuses } from './plants/focuses/networks.ts';
import { rowFocuses } from './plants/focuses/rows.ts';
import { unreadableFocuses } from './plants/focuses/unreadable.ts';
import { focuses } from './plants/focuses.ts';

test('no focus takes the name of another, whose plants would then search elsewhere', () => {
  const rooms = [
    certificateFocuses,
    moveFocuses,
    domainFocuses,
    networkFocuses,
    rowFocuses,
    unreadableFocuses,
    itemFocuses,
  ];
  const names = rooms.flatMap((room) => Object.keys(room));
  expect(names.toSorted()).toEqual(
    Object.keys(focuses)
      .filter((name) => name !== 'anything')
      .toSorted(),
  );
});
