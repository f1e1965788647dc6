import fc from 'fast-check';
import { secretOf } from '../support/sign.ts';
import { bodiesFor, type Door } from './bodies.ts';
import type { FuzzCall } from './call.ts';
import { contentHeaders, doubled, type Header, headersBesides } from './headers.ts';
import { networks } from './networks.ts';
import { bends, hookTokens, networkParts } from './paths.ts';
import { ids, signatures, times } from './signatures.ts';

/** Calls to the doors that take events. */
export const knocks: fc.Arbitrary<FuzzCall> = fc
  .constantFrom<Door>('domain-added', 'domain-removed', 'ssl-retry', 'hook')
  .chain((door) =>
    fc
      .record({
        body: bodiesFor(door),
        network: networkParts,
        secretAt: fc.nat({ max: 1 }),
        token: hookTokens,
        id: ids,
        time: times,
        sign: signatures,
        content: contentHeaders,
        more: headersBesides,
        twice: doubled,
        bend: bends,
      })
      .map(({ body, network, secretAt, token, id, time, sign, content, more, twice, bend }): FuzzCall => {
        const { relaySecrets = [], hookTokens: own = [] } = networks.get(network) ?? {};
        const secret = relaySecrets[secretAt % Math.max(1, relaySecrets.length)] ?? secretOf('of nobody');
        const path =
          door === 'hook'
            ? `/${network}/hooks/${token ?? own[secretAt % Math.max(1, own.length)] ?? 'none'}/domain-created`
            : `/${network}/${door}`;
        const signed: readonly Header[] = [
          ['Webhook-Id', id],
          ['webhook-timestamp', time],
          ['WEBHOOK-SIGNATURE', sign({ id, time, body, secret })],
        ];
        const repeated = signed.filter(([name]) => name.toLowerCase() === twice);
        return {
          method: 'POST',
          target: bend(path),
          headers: [...more, ...content, ...(door === 'hook' ? [] : [...signed, ...repeated])],
          body,
        };
      }),
  );
