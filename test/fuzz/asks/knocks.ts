import fc from 'fast-check';
import { secretOf } from '../../support/api/sign.ts';
import { networks } from '../networks.ts';
import { type Api, bodiesFor } from './bodies.ts';
import type { FuzzCall } from './call.ts';
import { contentHeaders, doubled, type Header, headersBesides, prefixes } from './headers.ts';
import { bends, hookTokens, networkParts } from './paths.ts';
import { ids, signatures, times } from './signatures.ts';

/** Calls to the API handlers that take events. */
export const knocks: fc.Arbitrary<FuzzCall> = fc
  .constantFrom<Api>('domain-added', 'domain-removed', 'ssl-retry', 'hook')
  .chain((api) =>
    fc
      .record({
        body: bodiesFor(api),
        network: networkParts,
        secretAt: fc.nat({ max: 1 }),
        token: hookTokens,
        id: ids,
        time: times,
        sign: signatures,
        content: contentHeaders,
        more: headersBesides,
        twice: doubled,
        prefix: prefixes,
        bend: bends,
      })
      .map(
        ({
          body,
          network,
          secretAt,
          token,
          id,
          time,
          sign,
          content,
          more,
          twice,
          prefix,
          bend,
        }): FuzzCall => {
          const { relaySecrets = [], hookTokens: own = [] } = networks.get(network) ?? {};
          const secret = relaySecrets[secretAt % Math.max(1, relaySecrets.length)] ?? secretOf('of nobody');
          const path =
            api === 'hook'
              ? `/${network}/hooks/${token ?? own[secretAt % Math.max(1, own.length)] ?? 'none'}/domain-created`
              : `/${network}/${api}`;
          const signed: readonly Header[] = [
            [`${prefix}-Id`, id],
            [`${prefix.toLowerCase()}-timestamp`, time],
            [`${prefix.toUpperCase()}-SIGNATURE`, sign({ id, time, body, secret })],
          ];
          const repeated = signed.filter(([name]) => name.toLowerCase() === twice);
          return {
            method: 'POST',
            target: bend(path),
            headers: [...more, ...content, ...(api === 'hook' ? [] : [...signed, ...repeated])],
            body,
          };
        },
      ),
  );
