import { join } from 'node:path';
import { z } from 'zod';
import { paths } from './paths.ts';
import { type Command, ProgramFailed, type Started, start } from './process.ts';

/** What `evaluate.php` reads. */
export interface Evaluation {
  readonly code: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** The site of the network that the request is for. */
  readonly host?: string;
  /** Id of the current user; 0: nobody. */
  readonly user?: number;
  /** Defined before WordPress loads, as `DOING_CRON` is by wp-cron.php. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Another PHP than the machine's own, compiled to WebAssembly. */
  readonly phpVersion?: string;
  /** What this process takes for the time of day is so much later. Not with `phpVersion`. */
  readonly aheadSeconds?: number;
}

export interface PhpProcess {
  readonly returned: Promise<unknown>;
  kill(): void;
}

export function siteEnvironment(dir: string): Record<string, string> {
  return {
    WORDPRESS_SITE: dir,
    WORDPRESS_CORE: paths.core,
    WORDPRESS_CONFIG: join(paths.site, 'wp-config.php'),
  };
}

const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const fakeTime = `/usr/lib/${architecture}-linux-gnu/faketime/libfaketime.so.1`;

/** PHP's clock, moved by libfaketime. Its monotonic clock, which timeouts are measured by, stays what it is. */
export function clock(aheadSeconds: number): Record<string, string> {
  return aheadSeconds === 0
    ? {}
    : {
        LD_PRELOAD: fakeTime,
        FAKETIME: `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}s`,
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      };
}

const answerSchema = z.object({ returned: z.unknown() });

/** WordPress compiles in a second and loads in a tenth of one: what is compiled stays on the disk. */
export const phpSettings: readonly string[] = [
  'memory_limit=512M',
  'display_errors=stderr',
  'opcache.enable_cli=1',
  `opcache.file_cache=${join(paths.cache, 'opcache')}`,
  'opcache.file_cache_only=1',
].flatMap((setting) => ['-d', setting]);

function native(aheadSeconds: number): Omit<Command, 'input'> {
  return {
    file: 'php',
    args: [...phpSettings, join(paths.site, 'evaluate.php')],
    env: clock(aheadSeconds),
  };
}

function webAssembly(version: string): Omit<Command, 'input'> {
  return {
    file: process.execPath,
    args: ['--no-warnings', paths.phpWasm, '-d', 'memory_limit=512M', join(paths.site, 'evaluate.php')],
    env: { PHP: version },
  };
}

/** One PHP process inside the network of `dir`. */
export function evaluate(dir: string, evaluation: Evaluation): PhpProcess {
  const { code, args = {}, host = 'network.example', user = 0, constants = {} } = evaluation;
  const { phpVersion, aheadSeconds = 0 } = evaluation;
  const command = phpVersion === undefined ? native(aheadSeconds) : webAssembly(phpVersion);
  const started: Started = start({
    ...command,
    env: { ...siteEnvironment(dir), ...command.env },
    input: JSON.stringify({ code, args, host, user, constants }),
  });
  return { returned: started.ended.then((ended) => answer(code, ended)), kill: started.kill };
}

function answer(code: string, ended: Awaited<Started['ended']>): unknown {
  const line = ended.stdout.trimEnd().split('\n').at(-1) ?? '';
  if (ended.code !== 0 || !line.startsWith('{"returned":')) {
    throw new ProgramFailed(`PHP ended with ${ended.code}: ${code}\n${ended.stdout}\n${ended.stderr}`);
  }
  return answerSchema.parse(JSON.parse(line)).returned;
}
