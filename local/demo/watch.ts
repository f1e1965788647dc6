import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Stack } from '../stack.ts';
import type { Said } from './call.ts';

export interface Watch {
  /** From now on this domain's history is shown. */
  follow(update: Said): void;
  /** Shows what is new. */
  pass(): Promise<void>;
}

function time(at: number | string) {
  return new Date(at).toISOString().slice(11, 23);
}

/** Shows RunCloud's calls and the ledger's history as they come, each once. */
export function watch(
  { ledger, runcloud }: Pick<Stack, 'ledger' | 'runcloud'>,
  show: (line: string) => void,
): Watch {
  const followed = new Map<string, { readonly update: Said; readonly seen: Set<string> }>();
  let calls = 0;

  const showCalls = () => {
    const unseen = (runcloud?.received() ?? 0) - calls;
    if (unseen === 0) return;
    calls += unseen;
    for (const { at, method, path, input } of runcloud?.requests.slice(-unseen) ?? []) {
      const name = typeof input.name === 'string' ? ` ${input.name}` : '';
      show(`  ${time(at)}  RunCloud gets   ${method} ${path}${name}`);
    }
  };

  return {
    follow: (update) => {
      const key = `${update.network} ${update.domain}`;
      if (!followed.has(key)) followed.set(key, { update, seen: new Set() });
    },
    pass: async () => {
      showCalls();
      for (const { update, seen } of followed.values()) {
        const { network, domain } = update;
        const once = (at: string, text: string, key = `${at} ${text}`) => {
          if (seen.has(key)) return;
          seen.add(key);
          show(`  ${time(at)}  ${text}`.trimEnd());
        };
        const hosting = (await ledger.read(domainKey(network, domain)))?.item;
        for (const { at, what, detail } of hosting?.history ?? []) {
          once(at, `ledger          ${domain}: ${what} ${detail}`);
        }
        const certificate = (await ledger.read(certificateKey(network, domain)))?.item;
        for (const { at, what, detail } of certificate?.history ?? []) {
          once(at, `certificate     ${domain}: ${what} ${detail}`);
        }
        const { fix, since } = certificate ?? {};
        // It is shown once, however often it is found again.
        if (fix && since) once(since, `what to do      ${fix}`, fix);
      }
    },
  };
}
