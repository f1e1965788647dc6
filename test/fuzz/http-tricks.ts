/** Lines of a request, head and body. */
type Lines = readonly (string | readonly string[])[];

/** What a good event is written down as. */
type Trick = readonly [title: string, write: (body: string, lines: readonly string[]) => Lines];

export const post = 'POST /acme/domain-added HTTP/1.1';
export const usual = ['Host: relay.acme-bikes.com', 'Connection: close'];

/** Bad ways to write a good event down. */
export const httpTricks: readonly Trick[] = [
  [
    'two lengths',
    (body, lines) => [post, usual, lines, `Content-Length: ${body.length}`, 'Content-Length: 1', '', body],
  ],
  [
    'a length and chunks',
    (body, lines) => [
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
  ],
  ['a negative length', (body, lines) => [post, usual, lines, 'Content-Length: -1', '', body]],
  [
    'a chunk of a size that is none',
    (body, lines) => [post, usual, lines, 'Transfer-Encoding: chunked', '', 'zz', body, '0', '', ''],
  ],
  [
    'a chunk beyond all measure',
    (body, lines) => [post, usual, lines, 'Transfer-Encoding: chunked', '', 'ffffffffffffffffff', body],
  ],
  [
    'an encoding of transfer that nobody knows',
    (body, lines) => [post, usual, lines, 'Transfer-Encoding: gzip, chunked', '', body],
  ],
  [
    'a header folded over two lines',
    (body, lines) => [
      post,
      usual,
      lines.map((one) => one.replace(': ', ':\r\n ')),
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a NUL in a header',
    (body, lines) => [
      post,
      usual,
      [...lines, 'X-Evil: a\u0000b'],
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a blank before the colon',
    (body, lines) => [
      post,
      usual,
      lines.map((one) => one.replace(':', ' :')),
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'headers without end',
    (body, lines) => [
      post,
      usual,
      lines,
      `X-Long: ${'x'.repeat(100_000)}`,
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'ten thousand headers',
    (body, lines) => [
      post,
      usual,
      lines,
      Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`),
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a body of megabytes',
    (_body, lines) => [post, usual, lines, 'Content-Length: 12000000', '', ' '.repeat(12_000_000)],
  ],
  [
    'a signed body inside a form',
    (body, lines) => [
      post,
      usual,
      lines.filter((one) => !one.startsWith('content-type')),
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a compressed body',
    (body, lines) => [
      post,
      usual,
      lines,
      'Content-Encoding: gzip',
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'every signature twice',
    (body, lines) => [post, usual, lines, lines, `Content-Length: ${body.length}`, '', body],
  ],
  [
    'another method',
    (body, lines) => [post.replace('POST', 'PUT'), usual, lines, `Content-Length: ${body.length}`, '', body],
  ],
  [
    'a method that is none',
    (body, lines) => [
      post.replace('POST', 'POST\u0001'),
      usual,
      lines,
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a path that climbs',
    (body, lines) => [
      post.replace('/acme', '/acme/%2e%2e/other'),
      usual,
      lines,
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'a path that does not decode',
    (body, lines) => [
      post.replace('/acme', '/%ff'),
      usual,
      lines,
      `Content-Length: ${body.length}`,
      '',
      body,
    ],
  ],
  [
    'TLS where plain HTTP is spoken',
    () => ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ],
];
