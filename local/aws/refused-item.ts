import type db from 'dynalite/db/index.js';
import type putItem from 'dynalite/validations/putItem.js';

const PARAMETER = 'ReturnValuesOnConditionCheckFailure';

/**
 * Lets dynalite show the item that is there when it refuses a conditional write, as DynamoDB does for callers that ask. dynalite
 * itself drops the parameter.
 */
export function showRefusedItems(dynalite: typeof db, { types }: typeof putItem): void {
  types[PARAMETER] = { type: 'String', enum: ['NONE', 'ALL_OLD'] };
  const { checkConditional } = dynalite;
  dynalite.checkConditional = (call, existing) => {
    const refusal = checkConditional(call, existing);
    if (refusal?.body !== undefined && existing !== undefined && call[PARAMETER] === 'ALL_OLD') {
      refusal.body.Item = existing;
    }
    return refusal;
  };
}
