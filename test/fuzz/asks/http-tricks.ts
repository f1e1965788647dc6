/** Lines of a request, head and body. */
type Lines = readonly (string | readonly string[])[];

/** A good event, written down in a bad way. */
export interface Trick {
  readonly title: string;
  /** The status that refuses it. */
  readonly refused: number;
  /** It is refused before all of it is sent, so the connection may break before the answer is read. */
  readonly mayBreak?: true;
  readonly write: (body: string, lines: readonly string[]) => Lines;
}

export const post = 'POST /acme/domain-added HTTP/1.1';
export const usual = ['Host: relay.acme-bikes.com', 'Connection: close'];

/** A request whose length is right, whatever else is not. */
function sized(body: string, head: Lines, first = post): Lines {
  return [first, usual, ...head, `Content-Length: ${body.length}`, '', body];
}

/** Bad ways to write a good event down. */
export const httpTricks: readonly Trick[] = [
  {
    title: 'two lengths',
    refused: 400,
    write: (body, lines) => [
      post,
      usual,
      lines,
      `Content-Length: ${body.length}`,
      'Content-Length: 1',
      '',
      body,
    ],
  },
  {
    title: 'a length and chunks',
    refused: 400,
    write: (body, lines) => [
      post,
      usual,
      lines,
      `Content-Length: ${body.length}`,
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      body,
    ],
  },
  {
    title: 'a negative length',
    refused: 400,
    write: (body, lines) => [post, usual, lines, 'Content-Length: -1', '', body],
  },
  {
    title: 'a chunk of a size that is none',
    refused: 400,
    write: (body, lines) => [post, usual, lines, 'Transfer-Encoding: chunked', '', 'zz', body, '0', '', ''],
  },
  {
    title: 'a chunk beyond all measure',
    refused: 400,
    write: (body, lines) => [
      post,
      usual,
      lines,
      'Transfer-Encoding: chunked',
      '',
      'ffffffffffffffffff',
      body,
    ],
  },
  {
    title: 'an unknown transfer encoding',
    refused: 400,
    write: (body, lines) => [post, usual, lines, 'Transfer-Encoding: gzip, chunked', '', body],
  },
  {
    title: 'a header folded over two lines',
    refused: 400,
    write: (body, lines) => sized(body, [lines.map((one) => one.replace(': ', ':\r\n '))]),
  },
  {
    title: 'a NUL in a header',
    refused: 400,
    write: (body, lines) => sized(body, [[...lines, 'X-Evil: a\u0000b']]),
  },
  {
    title: 'a blank before the colon',
    refused: 400,
    write: (body, lines) => sized(body, [lines.map((one) => one.replace(':', ' :'))]),
  },
  {
    title: 'headers without end',
    refused: 400,
    mayBreak: true,
    write: (body, lines) => sized(body, [lines, `X-Long: ${'x'.repeat(100_000)}`]),
  },
  {
    title: 'ten thousand headers',
    refused: 400,
    mayBreak: true,
    write: (body, lines) => sized(body, [lines, Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`)]),
  },
  {
    title: 'a body of megabytes',
    refused: 413,
    mayBreak: true,
    write: (_body, lines) => [post, usual, lines, 'Content-Length: 12000000', '', ' '.repeat(12_000_000)],
  },
  {
    title: 'a signed body inside a form',
    refused: 415,
    write: (body, lines) =>
      sized(body, [
        lines.filter((one) => !one.startsWith('content-type')),
        'Content-Type: application/x-www-form-urlencoded',
      ]),
  },
  {
    title: 'a compressed body',
    refused: 415,
    write: (body, lines) => sized(body, [lines, 'Content-Encoding: gzip']),
  },
  {
    title: 'every signature twice',
    refused: 401,
    write: (body, lines) => sized(body, [lines, lines.filter((one) => one.startsWith('webhook-'))]),
  },
  {
    title: 'another method',
    refused: 404,
    write: (body, lines) => sized(body, [lines], post.replace('POST', 'PUT')),
  },
  {
    title: 'a method that is none',
    refused: 400,
    write: (body, lines) => sized(body, [lines], post.replace('POST', 'POST\u0001')),
  },
  {
    title: 'a path that climbs',
    refused: 401,
    write: (body, lines) => sized(body, [lines], post.replace('/acme', '/acme/%2e%2e/other')),
  },
  {
    title: 'a path that does not decode',
    refused: 400,
    write: (body, lines) => sized(body, [lines], post.replace('/acme', '/%ff')),
  },
  {
    title: 'TLS where plain HTTP is spoken',
    refused: 400,
    write: () => ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  },
];
