/** Whether Let's Encrypt signs a name of this form (docs/external-systems.md, "The certificate authority and DNS"). */
export interface NameCase {
  readonly name: string;
  readonly signed: boolean;
  /** Why not. */
  readonly why?: string;
}

function labels(count: number) {
  return `${'a.'.repeat(count - 2)}example.com`;
}
const hyphens = 'hyphens in the third and fourth place';
const punycode = 'no valid punycode';

export const nameCases: readonly NameCase[] = [
  { name: 'shop.example.com', signed: true },
  { name: 'a--b.example.com', signed: true },
  { name: 'abc--d.example.com', signed: true },
  { name: 'a-b-c.example.com', signed: true },
  { name: 'ab--cd.example.com', signed: false, why: hyphens },
  { name: 'shop.ab--cd.example.com', signed: false, why: 'ab--cd' },
  { name: 'ab--.example.com', signed: false, why: hyphens },
  { name: '12--34.example.com', signed: false, why: hyphens },
  { name: labels(10), signed: true },
  { name: labels(11), signed: false, why: '11 labels' },
  { name: `${'a'.repeat(63)}.${'b'.repeat(63)}.example.com`, signed: true },
  { name: 'xn--bcher-kva.de', signed: true },
  { name: 'xn--e1afmkfd.xn--p1ai', signed: true },
  { name: 'xn--ls8h.la', signed: true },
  { name: 'xn--ab--cd-4ya.de', signed: true },
  { name: 'xn--0.pt', signed: false, why: punycode },
  { name: 'shop.xn--0.pt', signed: false, why: 'xn--0' },
  { name: 'xn--99zzzz.de', signed: false, why: punycode },
  // Decodes to ASCII alone, which needs no punycode.
  { name: 'xn--abc-.de', signed: false, why: punycode },
  // Decodes to `ú` as two characters: not in the normal form C.
  { name: 'xn--u-ccb.com', signed: false, why: punycode },
];
