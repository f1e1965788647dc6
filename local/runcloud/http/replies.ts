export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function ok(body: unknown): Reply {
  return json(200, body);
}

export function empty(status: number): Reply {
  return { status, headers: {}, body: '' };
}

export function message(status: number, text: string, headers: Record<string, string> = {}): Reply {
  return json(status, { message: text }, headers);
}

/** A 422 in Laravel's shape. */
export function invalid(errors: Readonly<Record<string, string>>): Reply {
  return json(422, {
    message: 'The given data was invalid.',
    errors: Object.fromEntries(Object.entries(errors).map(([field, text]) => [field, [text]])),
  });
}

export function html(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** `2026-01-02 03:04:05`, in UTC. */
export function dateText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
