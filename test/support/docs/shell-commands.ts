/**
 * The commands of a piece of shell as the pages of this project write it, each on its own: without heredocs, comments and
 * assignments before them, what is substituted beside what it is substituted into. No parser of shell in general.
 */
export function commandsIn(block: string): string[] {
  const commands: string[] = [];
  const add = (text: string): void => {
    const bare = text.replace(/^(?:\w+=\S*\s*)+/, '').trim();
    if (bare !== '') commands.push(bare);
  };
  let rest = block.replace(/<<'(\w+)'\n[\s\S]*?^\1$/gm, '');
  // From the inside out: what is substituted is a command of its own.
  rest = rest.replace(/\$\(([^()]*)\)/g, (_, inner: string) => {
    add(inner);
    return '$SUBSTITUTED';
  });
  rest = rest
    .replace(/"[^"]*"|'[^']*'/g, 'QUOTED')
    .replace(/(^|\s)#.*$/gm, '$1')
    .replace(/\\\n/g, ' ')
    .replace(/^\w+\(\) \{/gm, '');
  for (const part of rest.split(/\n|&&|\|\||[;|{}]/)) add(part.trim());
  return commands;
}
