import type { Command } from 'commander';

/** What can follow a command: its commands, the values of its arguments, and its options. */
export interface Completion {
  /** Names from the program down, without the program's own. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

function wordsOf(command: Command, inherited: Command): Completion['words'] {
  const commands = command.commands.map((child) => ({
    word: child.name(),
    description: child.summary() || child.description(),
  }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, description })),
  );
  const own = command === inherited ? inherited.options : [...command.options, ...inherited.options];
  const options = own.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, description }],
  );
  return [...commands, ...choices, ...options, { word: '--help', description: 'show help' }];
}

/** Every command of a program, the program itself first. */
export function completions(program: Command, command = program, path: readonly string[] = []): Completion[] {
  return [
    { path, words: wordsOf(command, program) },
    ...command.commands.flatMap((child) => completions(program, child, [...path, child.name()])),
  ];
}
