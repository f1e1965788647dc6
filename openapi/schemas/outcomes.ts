import * as z from 'zod';
import { exactly } from '../../lib/exactly.ts';
import type { DomainMoment, PauseMoment } from '../../lib/sync/ledger/items/outcome-item.ts';
import { certificate, hosting } from './domain.ts';
import { errorCode, instant, lastError, wanted } from './values.ts';

const domainType = exactly<DomainMoment['type']>()(z.enum(['domain.settled', 'domain.failed']));
const pauseType = exactly<PauseMoment['type']>()(z.enum(['network.paused', 'network.resumed']));

export const domainOutcome = z
  .object({
    type: domainType,
    timestamp: instant.describe('When it settled or failed'),
    data: z.object({
      network: z.string(),
      domain: z.string(),
      wanted,
      siteId: z.int().nullable(),
      domainId: z.int().nullable(),
      inReplyTo: z.string().nullable().describe('The webhook-id of the ssl_retry that this answers'),
      hosting,
      certificate,
      lastError: lastError.nullable(),
    }),
  })
  .describe('A domain or its certificate settled or failed. The data is what a read shows when this is sent');

export const pauseOutcome = z
  .object({
    type: pauseType,
    timestamp: instant,
    data: z.object({
      network: z.string(),
      code: errorCode,
      message: z.string(),
      fix: z.string(),
      since: instant.describe('Since when the network is, or was, paused'),
    }),
  })
  .describe('The work of a network stopped, or goes on');
