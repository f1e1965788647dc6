import { describe, expect, test } from '@jest/globals';
import {
  type Interruption,
  recordInterruption,
  resultOfInterruption,
} from '../../../../lib/certificates/interruption.ts';
import { openCertificateSession } from '../../../../lib/certificates/session.ts';
import type { ErrorCode } from '../../../../lib/errors.ts';
import {
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../../lib/runcloud/errors.ts';
import { NetworkPaused, NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import type { NetworkItem, Pause } from '../../../../lib/sync/ledger/items/network-item.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, delays, HOUR, MINUTE, NETWORK, NOW } from '../../../support/sync/items.ts';

const call = { method: 'GET', path: '/ssl' };

function pauseFor(code: ErrorCode, probeAt = NOW): Pause {
  return {
    since: toInstant(NOW - HOUR),
    code,
    message: 'It is paused',
    probeAt,
  };
}

/** A pass over a network that may be paused, which makes a read and records its outcome. */
async function checked(
  part: Partial<NetworkItem>,
  {
    reads = true,
    interruption,
    orderAnswered = false,
  }: { reads?: boolean; interruption?: Interruption; orderAnswered?: boolean } = {},
) {
  const world = certificateWorld();
  world.putNetwork(part);
  const session = await openCertificateSession(NETWORK, await world.network(), NOW + HOUR, world.services);
  if (reads) await session.certificates.mode();
  const trace = { network: NETWORK, domain: DOMAIN, session, interruption, orderAnswered };
  const left = await recordInterruption(trace, world.services);
  const network = await world.network();
  expect(left).toEqual(network.pause);
  return { world, network };
}

describe('a pause', () => {
  test('that a mere read can disprove is over when one came back', async () => {
    const { world, network } = await checked({ pause: pauseFor('runcloud-unauthorized') });
    expect(network).toMatchObject({ pause: null, requeue: { reason: 'resumed' } });
    expect(world.facts).toMatchObject([{ kind: 'turned', transition: 'resumed' }]);
  });

  test.each<ErrorCode>(['runcloud-forbidden', 'runcloud-blocked', 'runcloud-not-found'])(
    'for %s goes on whatever was read',
    async (code) => {
      const { world, network } = await checked({ pause: pauseFor(code) });
      expect(network.pause).toMatchObject({ code });
      expect(world.facts).toEqual([]);
    },
  );

  test.each<[title: string, interruption: Interruption]>([
    ['there was no slot for a call', new NotBefore(NOW + MINUTE)],
    ['another pass had the probe', new NetworkPaused(pauseFor('runcloud-unauthorized'))],
  ])('goes on when %s', async (_title, interruption) => {
    const { network } = await checked({ pause: pauseFor('runcloud-unauthorized') }, { interruption });
    expect(network.pause).toMatchObject({ code: 'runcloud-unauthorized' });
  });

  test('goes on when nothing was asked', async () => {
    const { network } = await checked({ pause: pauseFor('runcloud-unauthorized') }, { reads: false });
    expect(network.pause).toMatchObject({ code: 'runcloud-unauthorized', probeAt: NOW });
  });

  test('is over when an order was answered, whatever it was for', async () => {
    const { network } = await checked({ pause: pauseFor('runcloud-forbidden') }, { orderAnswered: true });
    expect(network.pause).toBeNull();
  });

  test('begins with a trouble that is the whole network’s', async () => {
    const interruption = new RuncloudUnauthorized('Not accepted', { ...call, status: 401 });
    const { world, network } = await checked({}, { interruption });
    expect(network.pause).toMatchObject({ code: 'runcloud-unauthorized', probeAt: NOW + delays.probeMs });
    expect(world.facts).toMatchObject([{ kind: 'turned', transition: 'paused', error: interruption }]);
  });
});

test('a pass over certificates is no addition', async () => {
  const { network } = await checked({});
  expect(network).toMatchObject({ readsFirst: false });
});

test('nor does it forget what an addition has shown', async () => {
  const { network } = await checked({ readsFirst: true });
  expect(network).toMatchObject({ readsFirst: true });
});

describe('a request that was kept from its order', () => {
  const { services } = certificateWorld();
  const pause = pauseFor('runcloud-unauthorized', NOW + MINUTE);
  const paused = {
    kind: 'paused',
    until: NOW + MINUTE + delays.probeSpreadMs / 2,
    code: 'runcloud-unauthorized',
    message: 'It is paused',
  };
  const limited = new RuncloudRateLimited('Fewer', { ...call, status: 429 });
  const unauthorized = new RuncloudUnauthorized('Not accepted', { ...call, status: 401 });
  const unavailable = new RuncloudUnavailable('Broke', call);
  const refused = new RuncloudRefused('No', { ...call, status: 422 });

  test('without a free slot waits for one', () => {
    const result = resultOfInterruption(new NotBefore(NOW + 7), { pause, ready: true }, services);
    expect(result).toEqual({ kind: 'held', until: NOW + 7 });
  });

  test('because its network is paused waits for the probe after the one that it lost, with others', () => {
    const result = resultOfInterruption(new NetworkPaused(pause), { pause: null, ready: true }, services);
    expect(result).toEqual(paused);
  });

  test.each<[title: string, interruption: Interruption]>([
    ['a 429', limited],
    ['what is the whole network’s', unauthorized],
  ])('by %s waits with a network that rests', (_title, interruption) => {
    expect(resultOfInterruption(interruption, { pause, ready: true }, services)).toEqual(paused);
  });

  test.each<[title: string, interruption: Interruption, pause: Pause | null]>([
    ['a 429', limited, null],
    ['what is the whole network’s', unauthorized, null],
    ['an outage, though the network is paused', unavailable, pause],
    ['a refusal, though the network is paused', refused, pause],
  ])('by %s has failed if it was ready, else was only held up', (_title, error, current) => {
    const result = (ready: boolean) => resultOfInterruption(error, { pause: current, ready }, services);
    expect(result(true)).toEqual({ kind: 'failing', error });
    expect(result(false)).toEqual({ kind: 'troubled', error });
  });
});
