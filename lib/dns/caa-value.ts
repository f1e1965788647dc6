/** The value of an `issue` property (RFC 8659, 4.2). */
export interface IssueValue {
  readonly issuer: string;
  /** Parameters in their order; a tag may come twice. */
  readonly parameters: readonly (readonly [tag: string, value: string])[];
}

// Boulder allows no hyphen in a tag, although the RFC does (letsencrypt/boulder: va/caa.go).
const tagForm = /^[a-z\d]+$/i;
/** Printable ASCII. A semicolon cannot occur, because it separates the parameters. */
const valueForm = /^[!-~]*$/;

/** Blanks are spaces and tabs only. */
function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function toParameter(text: string): readonly [string, string] | undefined {
  const end = text.indexOf('=');
  const tag = trimmed(text.slice(0, Math.max(end, 0)));
  const value = trimmed(text.slice(end + 1));
  return end !== -1 && tagForm.test(tag) && valueForm.test(value) ? [tag, value] : undefined;
}

/** Undefined: malformed, so the property names no CA and still counts as one. */
export function parseIssueValue(text: string): IssueValue | undefined {
  const [first = '', ...rest] = text.split(';');
  const issuer = trimmed(first);
  // A semicolon may end the issuer. After a parameter it begins another one, which must not be empty.
  if (rest.length === 1 && trimmed(rest[0] ?? '') === '') return { issuer, parameters: [] };
  const parameters = rest.map(toParameter);
  return parameters.includes(undefined)
    ? undefined
    : { issuer, parameters: parameters.filter((parameter) => parameter !== undefined) };
}
