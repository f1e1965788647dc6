import Lambda from 'serverless-offline/lambda';
import { withoutNulls } from './without-nulls.ts';

/**
 * Routes call functions through `call`. serverless-offline itself would start a thread for every call that finds none
 * idle, and count the start of that thread towards the function's timeout; Lambda does neither. It has no setting
 * for that, so this replaces the one method in which its routes look a function up.
 */
export function callThrough(call: (functionKey: string, event: unknown) => Promise<unknown>): void {
  Lambda.prototype.get = (functionKey) => {
    let event: unknown;
    return {
      setEvent: (given) => {
        event = withoutNulls(given);
      },
      runHandler: () => call(functionKey, event),
    };
  };
}
