import { z } from 'zod';
import { certificateKey, domainKey } from '../../../lib/sync/ledger/keys.ts';
import { freshCertificate } from '../../../lib/sync/ledger/work/certificate-request.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { seededLedger } from '../holdings.ts';
import { now } from '../networks.ts';
import type { FuzzServices } from '../world.ts';
import type { Plant } from './plant.ts';

interface Name {
  readonly network: string;
  readonly domain: string;
}

/** An API handler that works with something else than what it is given. */
function serving(part: () => Partial<FuzzServices>): Plant['planted'] {
  return (api) => (event, services) => api(event, { ...services, ...part() });
}

/** An API handler that does something more when it has refused. */
function afterRefusal(act: (services: FuzzServices) => Promise<unknown>): Plant['planted'] {
  return (api) => async (event, services) => {
    try {
      return await api(event, services);
    } catch (refusal) {
      await act(services);
      throw refusal;
    }
  };
}

const confirmedSchema = z.object({
  network: z.string(),
  domain: z.string(),
  status: z.literal('accepted'),
});

/** An API handler that does something more when it has accepted an update. */
function afterAcceptance(act: (services: FuzzServices, name: Name) => Promise<unknown>): Plant['planted'] {
  return (api) => async (event, services) => {
    const reply = await api(event, services);
    const said =
      reply.statusCode === 202 ? confirmedSchema.safeParse(JSON.parse(reply.body ?? '')) : undefined;
    if (said?.success === true) await act(services, said.data);
    return reply;
  };
}

async function turnRound({ ledger }: FuzzServices, { network, domain }: Name) {
  const key = domainKey(network, domain);
  const stored = await ledger.read(key);
  if (stored === undefined) return;
  const wanted = stored.item.wanted === 'present' ? 'absent' : 'present';
  await ledger.write(key, { ...stored.item, wanted }, stored.writes);
}

const known = { network: 'demo', domain: 'shop.acme-bikes.com' };

function request({ ledger }: FuzzServices, { network, domain }: Name) {
  return ledger.write(certificateKey(network, domain), freshCertificate(network, domain, now), 0);
}

/** Faults in what an API handler does: what it confirms it does not do, or it does what it does not say. */
export const forgetfulPlants: readonly Plant[] = [
  {
    name: 'an API handler that confirms and forgets',
    breaks: /^accepted: leaves the (domain|certificate) as/,
    planted: serving(() => ({ ledger: seededLedger() })),
  },
  {
    name: 'an API handler that confirms and sends no message',
    breaks: /^sends the domain queue \[\], not 1/,
    planted: serving(() => ({ queue: memoryQueue() })),
  },
  {
    name: 'a retry that sends no message to the certificate worker',
    breaks: /^sends the certificate queue \[\], not 1/,
    planted: serving(() => ({ certificateQueue: memoryQueue() })),
  },
  {
    name: 'an API handler that confirms an update and records its opposite',
    breaks: /: leaves the domain as/,
    planted: afterAcceptance(turnRound),
  },
  {
    name: 'an API handler that touches another domain too',
    breaks: /^changes something else/,
    planted: afterAcceptance((services) =>
      turnRound(services, { network: 'other', domain: 'other.acme-boats.com' }),
    ),
  },
  {
    name: 'an API handler that takes every update for a certificate request',
    breaks: /: leaves the certificate as/,
    planted: afterAcceptance(request),
  },
  {
    name: 'an API handler that refuses and yet reverses what is wanted of a known domain',
    breaks: /^writes at 4/,
    planted: afterRefusal((services) => turnRound(services, known)),
  },
  {
    name: 'an API handler that refuses and yet records a certificate',
    breaks: /^writes at 4/,
    planted: afterRefusal((services) => request(services, { network: 'demo', domain: 'new.acme-bikes.com' })),
  },
  {
    name: 'an API handler that refuses and yet sends a message to the certificate worker',
    breaks: /^messages at 4/,
    planted: afterRefusal(({ certificateQueue }) =>
      certificateQueue.send([{ message: { network: 'demo' }, delaySeconds: 0 }]),
    ),
  },
];
