import { domainToASCII, domainToUnicode } from 'node:url';

function isLabel(label: string) {
  return (
    label.length >= 1 &&
    label.length <= 63 &&
    [...label].every((deadLetter) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(deadLetter)) &&
    !label.startsWith('-') &&
    !label.endsWith('-')
  );
}

const reserved = ['local', 'localhost', 'internal', 'test', 'invalid', 'onion'];
function isNumeric(label: string) {
  return /^[0-9]+$/.test(label) || /^0x[0-9a-f]*$/.test(label);
}

/** Whether it is a public host name in the form in which all are kept, by the letter of RFC 1123. */
export function isNormalName(name: string): boolean {
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return (
    name.length <= 253 &&
    labels.length >= 2 &&
    labels.every(isLabel) &&
    !reserved.includes(last) &&
    !isNumeric(last) &&
    labels.every((label) => !label.startsWith('xn--') || !isAscii(domainToUnicode(label))) &&
    // Punycode that stands for something, and for nothing that has another form.
    domainToASCII(domainToUnicode(name)) === name
  );
}

function isAscii(text: string) {
  return [...text].every((deadLetter) => (deadLetter.codePointAt(0) ?? 0) < 128);
}

/**
 * What becomes of a name: its normal form, `refused`, or `either` where only the tables of Unicode can tell; then
 * whatever is accepted must be a normal name.
 */
export function readName(raw: string): { readonly normal: string } | 'refused' | 'either' {
  if (!isAscii(raw)) return 'either';
  const name = raw.trim().toLowerCase().replace(/\.$/, '');
  return isNormalName(name) ? { normal: name } : 'refused';
}
