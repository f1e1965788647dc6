import { generateKeyPairSync, sign } from 'node:crypto';

/** One DER value: tag, length, content (X.690). */
function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Uint8Array[]) {
  return der(0x30, ...parts);
}
function oid(...bytes: readonly number[]) {
  return der(0x06, bytes);
}
function time(atMs: number) {
  return der(0x18, Buffer.from(`${new Date(atMs).toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`));
}

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function commonName(name: string) {
  return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
}

function altNames(names: readonly string[]) {
  return sequence(
    oid(0x55, 0x1d, 0x11),
    der(0x04, sequence(...names.map((name) => der(0x82, Buffer.from(name))))),
  );
}

/** A last line that is full must not be followed by an empty one. */
function pem(body: Buffer) {
  const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** A self-signed certificate (RFC 5280) and its key; a client that takes it for a CA trusts it. */
export function selfSigned({
  names,
  notBefore = Date.parse('2020-01-01T00:00:00.000Z'),
  notAfter = Date.now() + 86_400_000,
  subjectName = 'relay test',
}: {
  readonly names: readonly string[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly subjectName?: string;
}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = commonName(subjectName);
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    ecdsaWithSha256,
    subject,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(names.length === 0 ? [] : [der(0xa3, sequence(altNames(names)))]),
  );
  const signature = der(0x03, [0], sign('sha256', body, privateKey));
  return {
    cert: pem(sequence(body, ecdsaWithSha256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
