import { expect, test } from '@jest/globals';
import { unsupportedFix, unsupportedName } from '../../../../lib/certificates/checks/unsupported-name.ts';
import { nameCases } from '../../../support/certificates/name-cases.ts';

test.each(nameCases)('$name is signed: $signed', ({ name, signed, why }) => {
  const found = unsupportedName(name);
  if (signed) expect(found).toBeUndefined();
  else expect(found).toContain(why);
});

test('the fix says why, and what to do', () =>
  expect(unsupportedFix('ab--cd.example.com', unsupportedName('ab--cd.example.com') ?? '')).toBe(
    'No certificate is ordered for ab--cd.example.com: its label ab--cd has hyphens in the third and fourth place, which are reserved, so the certificate authority refuses it. Use another name for this site, or install a certificate in RunCloud’s panel that covers it, as a wildcard does',
  ));
