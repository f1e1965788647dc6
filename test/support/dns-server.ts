import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What the server says to a question: addresses, or a code of RFC 1035 (2: failed, 3: no such name), or nothing at all. */
export type DnsReply = readonly string[] | 2 | 3 | 'silence';

const typeA = 1;
const typeAaaa = 28;

/** The labels of the question, and where it ends. */
const questionIn = (query: Buffer) => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
};

const ipv6Bytes = (address: string): number[] => {
  const [head = '', tail] = address.split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]);
};

const record = (address: string): Buffer => {
  const v4 = isIPv4(address);
  const data = v4 ? address.split('.').map(Number) : ipv6Bytes(address);
  // A pointer to the name of the question, type, class IN, a minute to live, length.
  return Buffer.from([0xc0, 12, 0, v4 ? typeA : typeAaaa, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]);
};

/** A resolver of our own on 127.0.0.1; names are told apart by `answer`. */
export const startDns = async (answer: (name: string, family: 4 | 6) => DnsReply) => {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = questionIn(query);
    const reply = answer(name, type === typeAaaa ? 6 : 4);
    if (reply === 'silence') return;
    const records = typeof reply === 'number' ? [] : reply.map(record);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof reply === 'number' ? reply : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
