import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Lambda sets for every function, as far as an import reads it. */
const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

/** The CPU time that a new process takes to import a bundle, in microseconds. */
export async function importCost(bundle: string): Promise<number> {
  const script = `
    const before = process.cpuUsage();
    import(${JSON.stringify(bundle)}).then(() => {
      const { user, system } = process.cpuUsage(before);
      console.log(user + system);
    });`;
  const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', script], { env });
  return Number(stdout);
}
