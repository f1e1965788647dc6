import { connect } from 'node:net';
import type { FuzzCall } from './call.ts';

/** How the length of a body is stated. */
export type Framing = 'length' | 'chunked';

function line([name, value]: readonly [string, string]) {
  return `${name}: ${value}\r\n`;
}

function framed(body: Buffer, framing: Framing): readonly [head: string, body: Buffer] {
  if (framing === 'length') return [`Content-Length: ${body.length}\r\n`, body];
  // Pieces of odd sizes: nothing may hang on where one ends.
  const pieces: Buffer[] = [];
  for (let at = 0, size = 1; at < body.length; at += size, size = size * 3 + 1) {
    const piece = body.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)};x=y\r\n`), piece, Buffer.from('\r\n'));
  }
  return ['Transfer-Encoding: chunked\r\n', Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')])];
}

/** The bytes of a call, written as its sender wants them: no library makes them regular. */
export function bytesOf(call: FuzzCall, framing: Framing): Buffer {
  const hasHost = call.headers.some(([name]) => name.toLowerCase() === 'host');
  const [length, body] = call.method === 'GET' ? ['', Buffer.alloc(0)] : framed(call.body, framing);
  const head = [
    `${call.method} ${call.target} HTTP/1.1\r\n`,
    hasHost ? '' : 'Host: relay.acme-bikes.com\r\n',
    'Connection: close\r\n',
    length,
    ...call.headers.map(line),
    '\r\n',
  ].join('');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

export interface RawAnswer {
  /** Undefined: the connection ended without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

const patienceMs = 120_000;

/** Sends these bytes and reads until the other side hangs up; rejects if it never does. */
export async function sendRaw(port: number, bytes: Buffer): Promise<RawAnswer> {
  const socket = connect({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A client that is refused in the middle of a body may be cut off too.
  socket.on('error', () => socket.destroy());
  let isForsaken = false;
  socket.setTimeout(patienceMs, () => {
    isForsaken = true;
    socket.destroy();
  });
  socket.write(bytes);
  // Not events.once, for which an error is the end.
  await new Promise((resolve) => socket.once('close', resolve));
  if (isForsaken) throw new Error(`No end of an answer within ${patienceMs} ms`);
  const text = Buffer.concat(chunks).toString('utf8');
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  return { status: status === undefined ? undefined : Number(status), text };
}
