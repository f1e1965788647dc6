import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** With slashes, from the top of the archive. */
  readonly path: string;
  readonly content: Buffer;
}

/** 1 January 1980, the earliest date of the format: the same files make the same bytes whenever they are packed. */
const date = 0x0021;
const utf8Names = 0x0800;
/** Made by a Unix, version 2.0, so that the permissions below count. */
const madeBy = (3 << 8) | 20;
const needed = 20;
/** A regular file that everyone may read. */
const attributes = (0o100644 << 16) >>> 0;

function header(signature: number, fields: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const all = [[4, signature] as const, ...fields];
  const bytes = Buffer.alloc(all.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of all)
    at = size === 2 ? bytes.writeUInt16LE(value, at) : bytes.writeUInt32LE(value, at);
  return bytes;
}

/**
 * An archive after PKWARE's APPNOTE, with its entries stored as they are: what a compressor makes of them would change
 * with its version.
 */
export function zipFile(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path);
    const described = [
      [2, utf8Names],
      [2, 0],
      [2, 0],
      [2, date],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    ] as const;
    const local = Buffer.concat([header(0x04034b50, [[2, needed], ...described]), name]);
    const rest = [
      [2, 0],
      [2, 0],
      [2, 0],
      [4, attributes],
      [4, offset],
    ] as const;
    directory.push(header(0x02014b50, [[2, madeBy], [2, needed], ...described, ...rest]), name);
    parts.push(local, content);
    offset += local.length + content.length;
  }
  const listed = Buffer.concat(directory);
  const end = header(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, listed.length],
    [4, offset],
    [2, 0],
  ]);
  return Buffer.concat([...parts, listed, end]);
}
