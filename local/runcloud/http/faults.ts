import { html, json, type Reply } from './replies.ts';

/** What a caller meets when no answer comes: the connection ends, or nothing happens for ever. */
export type NoReply = 'drop' | 'silence';

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; text is sent as it is. */
  readonly body?: unknown;
  /** A web page with that title in place of JSON. */
  readonly html?: string;
}

/** Something that goes wrong with calls of that kind. */
export interface Fault {
  readonly method?: string;
  /** Tested against the whole path, `/api/v3` included. */
  readonly path?: RegExp;
  /** How many matching calls pass unharmed before. Default 0. */
  readonly after?: number;
  /** How many are hit. Default 1; Infinity for all. */
  readonly times?: number;
  /** Waits before anything is done. */
  readonly delayMs?: number;
  /**
   * Whether RunCloud does what was asked: never, at once, after a time, or when `land()` is called.
   * Default: `now` if it answers by itself, else `never`.
   */
  readonly does?: 'never' | 'now' | 'on-land' | { readonly afterMs: number };
  /** Default `own`: what RunCloud would say. */
  readonly answer?: 'own' | NoReply | ScriptedAnswer;
}

export function scripted({ status, headers, body, html: title }: ScriptedAnswer): Reply {
  if (title !== undefined) {
    const page = html(status, title);
    return { ...page, headers: { ...page.headers, ...headers } };
  }
  if (body === undefined) return { status, headers: { ...headers }, body: '' };
  return typeof body === 'string' ? { status, headers: { ...headers }, body } : json(status, body, headers);
}

interface Armed {
  readonly fault: Fault;
  passes: number;
  left: number;
}

/** A list of faults; the first that fits a call hits it. */
export function faultList() {
  const armed: Armed[] = [];
  return {
    /** Returns what ends it. */
    arm(fault: Fault): () => void {
      const entry = { fault, passes: fault.after ?? 0, left: fault.times ?? 1 };
      armed.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    clear(): void {
      armed.length = 0;
    },
    next(method: string, path: string): Fault | undefined {
      for (const candidate of armed) {
        const { fault } = candidate;
        if (candidate.left <= 0) continue;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.path !== undefined && !fault.path.test(path)) continue;
        if (candidate.passes > 0) {
          candidate.passes -= 1;
          continue;
        }
        candidate.left -= 1;
        return fault;
      }
      return undefined;
    },
  };
}
