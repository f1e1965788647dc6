import type { RuncloudModel } from './model.ts';

function broken() {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const withoutBody = new Set([101, 204, 205, 304]);

/** A `fetch` that reaches the model without a socket, for simulations on a clock of their own. */
export function runcloudFetch(model: RuncloudModel): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    // The caller's own signal: the one a Request derives from it is held so weakly that it may never fire.
    const hungUp = aborted(init?.signal ?? request.signal);
    hungUp.catch(() => undefined);
    const reply = await Promise.race([
      model.answer({
        method: request.method,
        path: url.pathname,
        query: url.search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      }),
      hungUp,
    ]);
    if (reply === 'drop') throw broken();
    if (reply === 'silence') return hungUp;
    const body = withoutBody.has(reply.status) ? null : reply.body;
    return new Response(body, { status: reply.status, headers: reply.headers });
  };
}
