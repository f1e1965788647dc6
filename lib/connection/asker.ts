import type { RuncloudClient } from '../runcloud/client.ts';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import type { Finding } from './check.ts';
import { type AskingCheck, explainFailure } from './explain-failure.ts';

/** The answer to one question to RunCloud, or the finding that says why there is none. */
export type Answer<T> = { readonly value: T } | { readonly finding: Finding };

export type Ask = <T>(
  check: AskingCheck,
  question: (client: RuncloudClient, app: App) => Promise<T>,
) => Promise<Answer<T>>;

/** `runcloud`: a client for one question, with a timeout. */
export function asker(app: App, runcloud: () => RuncloudClient): Ask {
  return async (check, question) => {
    const client = runcloud();
    try {
      return { value: await question(client, app) };
    } catch (error) {
      return { finding: explainFailure(error, { check, app, api: client.api }) };
    }
  };
}
