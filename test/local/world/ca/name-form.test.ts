import { expect, test } from '@jest/globals';
import { takesName } from '../../../../local/world/ca/name-form.ts';
import { nameCases } from '../../../support/certificates/name-cases.ts';

test.each(nameCases)('$name is taken into an order: $signed', ({ name, signed }) => {
  expect(takesName(name)).toBe(signed);
});
