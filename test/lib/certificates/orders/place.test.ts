import { describe, expect, test } from '@jest/globals';
import { type OrderLog, placeOrder } from '../../../../lib/certificates/orders/place.ts';
import type { CertificateFact } from '../../../../lib/certificates/services.ts';
import { Unavailable } from '../../../../lib/errors.ts';
import {
  RuncloudBlocked,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../../lib/runcloud/errors.ts';
import { LeaseLost, NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { CertificateOrigin } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { type CertificateCall, memoryCertificates } from '../../../doubles/certificates.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { NETWORK, NOW } from '../../../support/sync/items.ts';

const post = { method: 'POST', path: '/ssl' };
function last(part: Partial<CertificateOrder>): CertificateOrder {
  return {
    at: NOW - 1,
    set: 'a',
    how: 'redeploy',
    failed: true,
    refused: false,
    error: null,
    includedUnready: [],
    ...part,
  };
}

interface Case {
  readonly installed?: number;
  readonly origin?: CertificateOrigin;
  readonly last?: CertificateOrder;
  /** The certificate is another one by the time of its redeploy. */
  readonly unknownId?: boolean;
  readonly mine?: boolean;
  readonly sent?: boolean;
  readonly onCall?: (call: CertificateCall) => Promise<void>;
}

async function placing({
  installed,
  origin,
  last: before,
  unknownId = false,
  mine = true,
  sent = true,
  onCall,
}: Case = {}) {
  const steps: string[] = [];
  const facts: CertificateFact[] = [];
  const certificates = memoryCertificates({
    onCall: async (call) => {
      steps.push(call.op);
      await onCall?.(call);
    },
  });
  if (installed !== undefined) certificates.installed.set(undefined, installed);
  if (origin !== undefined) certificates.origins.set(undefined, origin);
  const session = {
    network: NETWORK,
    certificates,
    newOrder: () => ({
      at: NOW,
      hosting: certificates,
      mayBeSent: () => sent,
      said: () => 'The order was taken.',
    }),
  };
  const orderLog: OrderLog = {
    last: before,
    record: async (order) => {
      steps.push(`record ${order.how} ${order.failed}`);
      return mine;
    },
    amend: async (at, to) => void steps.push(`amend ${to} ${at - NOW}`),
  };
  const { services } = certificateWorld();
  const installedNow = await certificates.find();
  const order = {
    names: ['a.example'],
    set: 'a',
    includedUnready: [],
    domainId: undefined,
    installed: unknownId && installedNow ? { ...installedNow, id: 8 } : installedNow,
  };
  const result = await placeOrder(order, orderLog, session, {
    ...services,
    report: (fact) => facts.push(fact),
  }).catch((error: unknown) => error);
  return { steps, result, facts };
}

describe('an order', () => {
  test.each<Case & { title: string; how: string }>([
    { title: 'there is none', how: 'install' },
    { title: 'there is one', installed: 7, how: 'redeploy' },
    { title: 'a redeploy has come to nothing', installed: 7, last: last({}), how: 'install' },
    {
      title: 'a redeploy has come to nothing, of unknown origin',
      installed: 7,
      origin: 'unknown',
      last: last({}),
      how: 'redeploy',
    },
    { title: 'a redeploy was refused', installed: 7, last: last({ refused: true }), how: 'redeploy' },
    { title: 'an install has failed', installed: 7, last: last({ how: 'install' }), how: 'redeploy' },
    { title: 'a redeploy was fruitful', installed: 7, last: last({ failed: false }), how: 'redeploy' },
  ])('is written down, then made: where $title, $how', async ({ how, title: _title, ...one }) => {
    const { steps, result, facts } = await placing(one);
    expect(steps).toEqual(['find', `record ${how} false`, how]);
    const said = 'The order was taken.';
    expect(result).toEqual({ result: { kind: 'requested', orderedAt: NOW, said }, answered: true });
    expect(facts).toMatchObject([{ kind: 'ordered', how, outcome: 'accepted', names: 1 }]);
  });

  test('is not made under a lost lease', async () => {
    const { steps, result } = await placing({ mine: false });
    expect(steps).toEqual(['find', 'record install false']);
    expect(result).toBeInstanceOf(LeaseLost);
  });

  test.each<{ error: Error; outcome: string; amended: string[]; kind?: string; answered?: boolean }>([
    {
      error: new RuncloudTimeout('-', { ...post, unanswered: true }),
      outcome: 'unanswered',
      amended: [],
      kind: 'requested',
      answered: false,
    },
    {
      error: new RuncloudBlocked('-', { ...post, unanswered: true }),
      outcome: 'unanswered',
      amended: [],
      kind: 'requested',
      answered: false,
    },
    {
      error: new RuncloudRefused('-', { ...post, status: 422 }),
      outcome: 'refused',
      amended: ['amend refused 0'],
      kind: 'failing',
      answered: true,
    },
    {
      error: new RuncloudForbidden('-', { ...post, status: 403 }),
      outcome: 'refused',
      amended: ['amend refused 0'],
      kind: 'failing',
      answered: false,
    },
    {
      error: new RuncloudNotFound('-', { ...post, status: 404 }),
      outcome: 'refused',
      amended: ['amend refused 0'],
      kind: 'failing',
      answered: false,
    },
    {
      error: new RuncloudUnauthorized('-', { ...post, status: 401 }),
      outcome: 'undone',
      amended: ['amend undone 0'],
    },
    {
      error: new RuncloudRateLimited('-', { ...post, status: 429 }),
      outcome: 'undone',
      amended: ['amend undone 0'],
    },
    { error: new RuncloudUnavailable('-', post), outcome: 'undone', amended: ['amend undone 0'] },
    { error: new NotBefore(NOW), outcome: 'undone', amended: ['amend undone 0'] },
  ])('that meets $error.name is $outcome', async ({ error, outcome, amended, kind, answered }) => {
    const { steps, result, facts } = await placing({
      onCall: async ({ op }) => {
        if (op === 'install') throw error;
      },
    });
    expect(steps).toEqual(['find', 'record install false', 'install', ...amended]);
    expect(facts).toMatchObject([{ outcome, error }]);
    if (kind === undefined) expect(result).toBe(error);
    else expect(result).toMatchObject({ result: { kind }, answered });
  });

  test.each([new Unavailable('ledger'), new TypeError('a bug')])(
    'that ends with $name may have been made: it stays on record',
    async (error) => {
      const { steps, result, facts } = await placing({
        onCall: async ({ op }) => {
          if (op === 'install') throw error;
        },
      });
      expect(steps).toEqual(['find', 'record install false', 'install']);
      expect(facts).toMatchObject([{ outcome: 'unanswered', error }]);
      expect(result).toBe(error);
    },
  );

  test('that was never sent is taken off the record, whatever kept it', async () => {
    const error = new Unavailable('ledger');
    const { steps, result, facts } = await placing({
      sent: false,
      onCall: async ({ op }) => {
        if (op === 'install') throw error;
      },
    });
    expect(steps).toEqual(['find', 'record install false', 'install', 'amend undone 0']);
    expect(facts).toMatchObject([{ outcome: 'undone', error }]);
    expect(result).toBe(error);
  });

  test('of a certificate that RunCloud shows and does not know is refused, and nothing is installed over it', async () => {
    const { steps, result } = await placing({ installed: 7, unknownId: true });
    expect(steps).toEqual(['find', 'record redeploy false', 'redeploy', 'find', 'amend refused 0']);
    expect(result).toMatchObject({ result: { kind: 'failing', error: { code: 'runcloud-not-found' } } });
  });
});
