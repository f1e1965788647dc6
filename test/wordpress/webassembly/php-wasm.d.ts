/** What is used here. The types of the packages leave the extensions out of their paths, which this project's resolution does not follow. */
declare module '@php-wasm/universal' {
  import type { ChildProcess } from 'node:child_process';

  export const SupportedPHPVersions: readonly string[];

  export class FileLockManagerInMemory {}

  export interface StreamedOutput {
    readonly stdout: ReadableStream<Uint8Array>;
    readonly stderr: ReadableStream<Uint8Array>;
    readonly exitCode: Promise<number>;
  }

  export class PHP {
    constructor(runtime: number);
    setSpawnHandler(handler: (command: string, args?: readonly string[]) => ChildProcess): Promise<void>;
    cli(argv: readonly string[]): Promise<StreamedOutput>;
  }
}

declare module '@php-wasm/node' {
  import type { FileLockManagerInMemory, PHP } from '@php-wasm/universal';

  export function loadNodeRuntime(
    version: string,
    options: {
      readonly fileLockManager: FileLockManagerInMemory;
      readonly emscriptenOptions: {
        readonly processId: number;
        readonly ENV: Readonly<Record<string, string | undefined>>;
      };
    },
  ): Promise<number>;

  export function useHostFilesystem(php: PHP): void;
}
