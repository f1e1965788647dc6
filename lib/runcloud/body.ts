/** What an answer's body is, regardless of its Content-Type: PHP calls JSON `text/html` by default. */
export type Body =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly json: unknown }
  | { readonly kind: 'html' }
  | { readonly kind: 'text'; readonly text: string }
  /** Broken JSON, or too long. */
  | { readonly kind: 'unreadable' };

/** Forty domains are about 10 KiB. */
const maxBytes = 2 * 1024 * 1024;

async function readBounded(response: Response): Promise<{ text: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream and with it the connection.
    if (size > maxBytes) return { text: new TextDecoder().decode(Buffer.concat(chunks)), cut: true };
    chunks.push(chunk);
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), cut: false };
}

function parseJson(text: string): Body {
  try {
    const json: unknown = JSON.parse(text);
    return { kind: 'json', json };
  } catch {
    // Half an object may hold half a key, which no redaction would know.
    return /^[{["]/.test(text) ? { kind: 'unreadable' } : { kind: 'text', text };
  }
}

export async function readBody(response: Response): Promise<Body> {
  const { text, cut } = await readBounded(response);
  const trimmed = text.trim();
  if (trimmed === '') return cut ? { kind: 'unreadable' } : { kind: 'empty' };
  if (trimmed.startsWith('<')) return { kind: 'html' };
  const body: Body = cut ? { kind: 'unreadable' } : parseJson(trimmed);
  const calledHtml = /^\s*(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '');
  const isJson = body.kind === 'json';
  return calledHtml && !isJson ? { kind: 'html' } : body;
}
