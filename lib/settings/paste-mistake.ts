const quotes = `'"\`\u2018\u2019\u201c\u201d`;
/** Also with the punctuation that follows a value in PHP or JSON. */
const quoted = new RegExp(`^[${quotes}]|[${quotes}][\\s,;]*$`);
const endsDefine = new RegExp(`[${quotes}]\\s*\\)\\s*;?\\s*$`);

/**
 * What was pasted around a value that is probably right. With this message its owner fixes it at once; "wrong token"
 * would make them create a new one.
 */
export function pasteMistake(value: string): string | undefined {
  const trimmed = value.trim();
  if (/\bdefine\s*\(/i.test(value)) {
    return 'was pasted as a whole define(…) line: paste only the value, what is between its quotes';
  }
  if (endsDefine.test(value)) {
    return 'was pasted with the end of its define(…) line: paste only the value, what is between its quotes';
  }
  if (quoted.test(trimmed)) return 'was pasted with quotes: paste only what is between them';
  if (trimmed === '') return 'holds nothing but blanks: leave it out, or fill it in';
  if (trimmed !== value) return 'was pasted with blanks or line breaks around it: paste it without them';
  return undefined;
}
