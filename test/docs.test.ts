import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anchorOf, type Page, pages, plain, readPage, root, toPage } from './support/docs/pages.ts';
import { commandsIn } from './support/docs/shell-commands.ts';

function textOf(path: string) {
  return readFileSync(join(root, path), 'utf8');
}
function exists(path: string) {
  return existsSync(join(root, path));
}

const manifestSchema = z.object({
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).default({}),
});
function manifestOf(path: string) {
  return manifestSchema.parse(JSON.parse(textOf(join(path, 'package.json'))));
}

const { scripts, dependencies, devDependencies } = manifestOf('.');

/** Binaries of direct dependencies; those of their dependencies may vanish with any update. */
const binaries = new Set(
  Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
    const { bin } = manifestOf(join('node_modules', name));
    return typeof bin === 'string' ? [name] : Object.keys(bin);
  }),
);

/** Commands of an operator's machine: every system has them, or the pages name them as needed. */
const ON_THE_MACHINE = new Set([
  'aws',
  'bash',
  'base64',
  'cat',
  'curl',
  'date',
  'export',
  'git',
  'node',
  'npm',
  'npx',
  'od',
  'openssl',
  'printf',
  'rm',
  'source',
  'tr',
  'wp',
]);

function everywhere(find: (page: Page) => readonly string[]): string[] {
  return pages.flatMap((page) => find(page).map((fault) => `${page.path}: ${fault}`));
}

describe('commands', () => {
  test('are found', () => {
    expect(pages.flatMap(({ shell }) => shell).length).toBeGreaterThan(15);
    expect(commandsIn(readPage('docs/operations/retire.md').shell.join('\n'))).toEqual(
      expect.arrayContaining([
        'npx serverless remove --stage $STAGE --region $AWS_REGION',
        'output LedgerTableName',
      ]),
    );
  });

  test('are valid shell', () => {
    const faults = everywhere(({ shell }) =>
      shell.filter((block) => spawnSync('bash', ['-n'], { input: block }).status !== 0),
    );
    expect(faults).toEqual([]);
  });

  test('exist in the project or on any machine', () => {
    const isKnown = (command: string, defined: ReadonlySet<string>): boolean => {
      const [name = '', tool = ''] = command.split(/\s+/);
      return (ON_THE_MACHINE.has(name) && (name !== 'npx' || binaries.has(tool))) || defined.has(name);
    };
    const functionsIn = (text: string) => [...text.matchAll(/^(\w+)\(\) \{/gm)].map(([, name = '']) => name);
    const onceForAll = functionsIn(readPage('docs/operations.md').text);
    const faults = everywhere(({ path, shell, text }) => {
      const defined = new Set([...functionsIn(text), ...(path.startsWith('docs/') ? onceForAll : [])]);
      return shell.flatMap(commandsIn).filter((command) => !isKnown(command, defined));
    });
    expect(faults).toEqual([]);
  });

  test('name scripts of package.json', () => {
    const named = /\bnpm (?:run ([\w:-]+)|(test|start)\b)/g;
    const faults = everywhere(({ text }) =>
      [...text.matchAll(named)]
        .map(([, script, short]) => script ?? short ?? '')
        .filter((script) => scripts[script] === undefined),
    );
    expect(faults).toEqual([]);
  });

  test('name outputs of the stack', () => {
    const [, outputs = ''] = textOf('infra/storage.yml').split(/^Outputs:$/m);
    const faults = everywhere(({ shell }) =>
      shell
        .flatMap(commandsIn)
        .flatMap((command) => /^output (\w+)$/.exec(command)?.[1] ?? [])
        .filter((name) => !outputs.includes(`\n  ${name}: {`)),
    );
    expect(faults).toEqual([]);
  });
});

describe('paths and links', () => {
  test('every named file exists', () => {
    const ofTheProject =
      /^(?:\.ci|bench|cli|docs|events|functions|infra|lib|local|pictures|test|wordpress)\/[\w./-]*$/;
    const faults = everywhere(({ code, shell }) =>
      [...code, ...shell.flatMap((block) => block.split(/\s+/))].filter(
        (word) => ofTheProject.test(word) && !exists(word),
      ),
    );
    expect(faults).toEqual([]);
  });

  const isBroken = (page: Page, target: string): boolean => {
    if (/^https?:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page.path : join(dirname(page.path), path);
    if (!exists(file)) return true;
    return anchor !== undefined && !readPage(file).headings.map(anchorOf).includes(anchor);
  };

  test('every link leads to a file, and to a heading in it', () => {
    expect(everywhere((page) => page.links.filter((target) => isBroken(page, target)))).toEqual([]);
  });

  test('a broken link is found', () => {
    const page = toPage(
      'README.md',
      '## Deploy\n[a](docs/no.md) [b](#no) [c](#deploy) [d](docs/rules.md#no)\n',
    );
    expect(page.links.filter((target) => isBroken(page, target))).toEqual([
      'docs/no.md',
      '#no',
      'docs/rules.md#no',
    ]);
  });
});

describe('comments in the code', () => {
  const sources = ['cli', 'functions', 'infra', 'lib', 'local', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|js|mjs|yml)$/.test(file) && file !== 'docs.test.ts')
        // test/wordpress installs files that are not the project's.
        .filter((file) => !/(^|\/)(node_modules|\.cache)\//.test(file))
        .map((file) => join(folder, file)),
    )
    .concat('serverless.yml');

  const withoutAddresses = (text: string) => text.replace(/https?:\/\/\S+/g, '');
  /** A comment as one line: its line breaks and the marks that begin its lines become spaces. */
  const unwrapped = (text: string) => text.replace(/\s*\n\s*(?:\*|\/\/|#)\s+/g, ' ');

  test('name only pages that exist', () => {
    const faults = sources.flatMap((source) =>
      [...withoutAddresses(textOf(source)).matchAll(/(?:[\w.-]+\/)*[\w-]+\.md\b/g)]
        .map(([path]) => path)
        .filter((path) => ![path, join('docs', path), join(dirname(source), path)].some(exists))
        .map((path) => `${source}: ${path}`),
    );
    expect(faults).toEqual([]);
  });

  test('name only headings that exist', () => {
    const pointers = sources.flatMap((source) =>
      [...unwrapped(textOf(source)).matchAll(/((?:[\w.-]+\/)*[\w-]+\.md)(?:, | \()"([^"]+)"/g)].map(
        ([, path = '', heading = '']) => ({ source, path, heading }),
      ),
    );
    expect(pointers.length).toBeGreaterThan(15);
    const broken = pointers.filter(
      ({ path, heading }) => !readPage(path).headings.map(plain).includes(heading),
    );
    expect(broken).toEqual([]);
  });

  test('name only decisions that exist', () => {
    const decisions = readdirSync(join(root, 'docs', 'decisions')).map((file) => file.slice(0, 4));
    const faults = sources.flatMap((source) =>
      [...textOf(source).matchAll(/docs\/decisions\/(\d{4})/g)]
        .filter(([, number = '']) => !decisions.includes(number))
        .map(([pointer]) => `${source}: ${pointer}`),
    );
    expect(faults).toEqual([]);
  });
});
