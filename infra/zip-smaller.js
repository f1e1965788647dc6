import { readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { unzipSync, Zip } from 'fflate';

/** 1 January 1980, the earliest date of the format: the same code makes the same zip, so it is not uploaded again. */
const mtime = new Date(1980, 0, 1);
const DEFLATED = 8;
const UNIX = 3;
/** A regular file that everyone may read. */
const attrs = (0o100644 << 16) >>> 0;

/** Of the levels and memory sizes of zlib, these make the smallest zip of a minified bundle. */
function deflated(content) {
  return deflateRawSync(content, { level: 9, memLevel: 7 });
}

function packed(files) {
  const parts = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const [filename, content] of Object.entries(files)) {
    const file = { filename, mtime, os: UNIX, attrs, compression: DEFLATED };
    zip.add(Object.assign(file, { size: content.length, crc: crc32(content) }));
    file.ondata(null, deflated(content), true);
  }
  zip.end();
  return Buffer.concat(parts);
}

/** The plugin of serverless.yml that packs each function's zip again, as small as it gets: every cold start fetches one. */
export default class ZipSmaller {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = { 'after:package:createDeploymentArtifacts': () => this.packAgain() };
  }

  async packAgain() {
    const { service } = this.serverless;
    for (const name of service.getAllFunctions()) {
      const { artifact } = service.getFunction(name).package;
      await writeFile(artifact, packed(unzipSync(await readFile(artifact))));
    }
  }
}
