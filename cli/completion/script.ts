import type { Command } from 'commander';
import { type Completion, completions } from './words.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The command as it is installed, and the short name that the handbook uses. */
const NAMES = ['runcloud-relay', 'relay'];

function listed({ words }: Completion): string {
  return words.map(({ word }) => word).join(' ');
}

function bash(all: readonly Completion[]): string {
  const cases = all.map((it) => `    '${it.path.join(' ')}') words='${listed(it)}' ;;`).join('\n');
  return `# Add to ~/.bashrc: source <(runcloud-relay completion bash)
_runcloud_relay() {
  local path='' word words='' known='${all.flatMap(({ path }) => (path.length > 0 ? [`|${path.join(' ')}|`] : [])).join('')}'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $known == *"|\${path:+$path }$word|"* ]] && path="\${path:+$path }$word"
  done
  case $path in
${cases}
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _runcloud_relay ${NAMES.join(' ')}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}

function zsh(all: readonly Completion[]): string {
  const cases = all
    .map(({ path, words }) => {
      const described = words.map(({ word, description }) =>
        quoted(`${word}:${description.replaceAll(':', '\\:')}`),
      );
      return `    '${path.join(' ')}') words_of=(${described.join(' ')}) ;;`;
    })
    .join('\n');
  return `#compdef ${NAMES.join(' ')}
# Add to ~/.zshrc, after compinit: source <(runcloud-relay completion zsh)
_runcloud_relay() {
  local word at='' known='${all.flatMap(({ path }) => (path.length > 0 ? [`|${path.join(' ')}|`] : [])).join('')}'
  local -a words_of
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    [[ $known == *"|\${at:+$at }$word|"* ]] && at="\${at:+$at }$word"
  done
  case $at in
${cases}
  esac
  _describe 'runcloud-relay' words_of || _files
}
compdef _runcloud_relay ${NAMES.join(' ')}
`;
}

function fishCondition(path: readonly string[], all: readonly Completion[]): string {
  const children = all.filter(
    (it) => it.path.length === path.length + 1 && path.every((part, i) => it.path[i] === part),
  );
  const names = children.map((it) => it.path.at(-1)).join(' ');
  const within = path.map((part) => `__fish_seen_subcommand_from ${part}`);
  const outside = names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`];
  return [...within, ...outside].join('; and ');
}

function fish(all: readonly Completion[]): string {
  const lines = NAMES.flatMap((name) =>
    all.flatMap(({ path, words }) => {
      const condition = fishCondition(path, all);
      return words.map(({ word, description }) => {
        const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
        return `complete -c ${name} -n ${quoted(condition)} ${what} -d ${quoted(description)}`;
      });
    }),
  );
  return `# Save as ~/.config/fish/completions/runcloud-relay.fish\n${lines.join('\n')}\n`;
}

/** The script that teaches a shell the commands and options of a program. */
export function completionScript(shell: Shell, program: Command): string {
  const all = completions(program);
  if (shell === 'bash') return bash(all);
  return shell === 'zsh' ? zsh(all) : fish(all);
}
