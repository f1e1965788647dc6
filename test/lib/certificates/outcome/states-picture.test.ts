import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { OrderUnconfirmed } from '../../../../lib/certificates/errors.ts';
import { nextState } from '../../../../lib/certificates/outcome/next-state.ts';
import type { CertificateResult, ServedCertificate } from '../../../../lib/certificates/outcome/result.ts';
import type { CertificateState } from '../../../../lib/sync/ledger/states.ts';

import { timing } from '../../../support/certificates/certificate-world.ts';
import { certificateItem, DAY, NOW } from '../../../support/sync/items.ts';

const shown: ServedCertificate = { notBefore: NOW - DAY, notAfter: NOW + 89 * DAY, via: null };
const error = new OrderUnconfirmed('not served');

const results: readonly CertificateResult[] = [
  { kind: 'left', until: NOW },
  { kind: 'hosting-failed', error: null },
  { kind: 'valid', shown },
  { kind: 'waiting-dns', reason: 'dns-none', fix: 'Add an A record' },
  { kind: 'unverified', why: 'Nobody answered' },
  { kind: 'requested', orderedAt: NOW },
  { kind: 'waiting', until: NOW, reason: null, fix: null },
  { kind: 'later' },
  { kind: 'troubled', error },
  { kind: 'failing', error },
  { kind: 'failed', reason: 'order-failed', fix: 'Look', error },
  { kind: 'held', until: NOW },
  { kind: 'paused', until: NOW, code: 'paused', message: 'PAUSED is set' },
];

const states: readonly CertificateState[] = ['pending', 'waiting-dns', 'requested', 'valid', 'failed'];

/** The steps that a pass may take with a request that stays wanted. */
const steps = states.flatMap((from) =>
  results.flatMap((result) => {
    const item = certificateItem({ state: from });
    const seen = result.kind === 'valid' ? result.shown : null;
    const { state = from } = nextState(item, {
      result,
      shown: seen,
      now: NOW,
      delays: timing,
      random: () => 0.5,
    });
    return state === from ? [] : [`${from} --> ${state}`];
  }),
);

test('the picture of the states in docs/certificates.md has every step a pass can make, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/certificates.md', import.meta.url), 'utf8');
  const [, picture = ''] = page.split('stateDiagram-v2');
  const [lines = ''] = picture.split('```');
  const drawn = [...lines.matchAll(/^ +(\w+) --> (\w+):/gm)].map(([, from, to]) =>
    `${from} --> ${to}`.replaceAll('_', '-'),
  );
  expect(drawn.toSorted()).toEqual([...new Set(steps)].toSorted());
});
