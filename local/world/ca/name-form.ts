import { domainToUnicode } from 'node:url';

/** Boulder's limit. */
const mostLabels = 10;

function accepts(label: string): boolean {
  if (!/^..--/.test(label)) return true;
  // The rest decodes, to characters that need it.
  return label.startsWith('xn--') && /[^\0-\x7f]/.test(domainToUnicode(label));
}

/** Whether the CA takes a name into an order, by its form alone: it refuses the whole order for one that it does not take. */
export function takesName(name: string): boolean {
  const labels = name.split('.');
  return labels.length <= mostLabels && labels.every(accepts);
}
