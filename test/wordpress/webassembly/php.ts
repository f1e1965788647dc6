import { spawn } from 'node:child_process';
import { loadNodeRuntime, useHostFilesystem } from '@php-wasm/node';
import { FileLockManagerInMemory, PHP, SupportedPHPVersions } from '@php-wasm/universal';

/**
 * `PHP=8.2 node php.ts ...`: the command `php` of that version, compiled to WebAssembly. The package's own command ends a tenth of a
 * second after PHP, whether its output is written or not, and always with 0. This one writes all, and ends as PHP does.
 */
const { PHP: wanted, ...env } = process.env;
const version = SupportedPHPVersions.find((supported) => supported === wanted);
if (version === undefined) throw new Error(`PHP "${wanted}": one of ${SupportedPHPVersions.join(', ')}`);

function write(stream: NodeJS.WritableStream): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (chunk) => new Promise((resolve) => void stream.write(chunk, () => resolve())),
  });
}

const runtime = await loadNodeRuntime(version, {
  fileLockManager: new FileLockManagerInMemory(),
  emscriptenOptions: { processId: 1, ENV: env },
});
const php = new PHP(runtime);
// PHPUnit asks the terminal for its width.
await php.setSpawnHandler((command: string, args: readonly string[] = []) =>
  spawn(command, args, { shell: true, stdio: 'pipe' }),
);
useHostFilesystem(php);
const { stdout, stderr, exitCode } = await php.cli(['php', ...process.argv.slice(2)]);
const [code] = await Promise.all([
  exitCode,
  stdout.pipeTo(write(process.stdout)),
  stderr.pipeTo(write(process.stderr)),
]);
process.exit(code);
