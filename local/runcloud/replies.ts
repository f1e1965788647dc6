export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const ok = (body: unknown): Reply => json(200, body);

export const empty = (status: number): Reply => ({ status, headers: {}, body: '' });

export const message = (status: number, text: string, headers: Record<string, string> = {}): Reply =>
  json(status, { message: text }, headers);

/** A 422 in Laravel's shape. */
export const invalid = (errors: Readonly<Record<string, string>>): Reply =>
  json(422, {
    message: 'The given data was invalid.',
    errors: Object.fromEntries(Object.entries(errors).map(([field, text]) => [field, [text]])),
  });

export const html = (status: number, title: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
});

/** `2026-01-02 03:04:05`, in UTC. */
export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
