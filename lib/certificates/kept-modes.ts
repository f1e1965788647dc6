import type { App, SslMode } from '../sync/ledger/runcloud-ports.ts';
import { MINUTE_MS } from '../sync/ledger/time.ts';

const KEPT_MS = 5 * MINUTE_MS;
const MOST_KEPT = 100;

function nameOf({ serverId, appId }: App): string {
  return `${serverId}/${appId}`;
}

/** The SSL modes that this worker has read lately. The owner may switch one in RunCloud's panel at any time. */
export class KeptModes {
  readonly #kept = new Map<string, { readonly mode: SslMode; readonly readAt: number }>();

  /** The mode of this application, read if it is not kept. The next pass reads an unknown one again. */
  async mode(app: App, now: number, read: () => Promise<SslMode>): Promise<SslMode> {
    const key = nameOf(app);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.readAt > now - KEPT_MS) return kept.mode;
    const mode = await read();
    this.#kept.delete(key);
    if (mode !== 'unknown') this.#kept.set(key, { mode, readAt: now });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return mode;
  }

  /** The mode that was read last, however long ago, and whether it is still kept. */
  last(app: App, now: number): { readonly mode: SslMode | undefined; readonly isKept: boolean } {
    const last = this.#kept.get(nameOf(app));
    return { mode: last?.mode, isKept: last !== undefined && last.readAt > now - KEPT_MS };
  }

  forget(app: App): void {
    this.#kept.delete(nameOf(app));
  }
}
