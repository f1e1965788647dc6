import type { Statement } from './account.ts';
import type { AwsCall } from './aws-call.ts';

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}

/** IAM's own wildcards: `*` any text, `?` one character. */
function isLike(text: string, pattern: string): boolean {
  return new RegExp(`^${escaped(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}

/** Conditions that our roles know; any other must be taught here before it is relied on. */
function meets({ Condition }: Statement, { leadingKeys }: AwsCall): boolean {
  return Object.entries(Condition).every(([operator, keys]) => {
    const patterns = keys['dynamodb:LeadingKeys'];
    if (operator !== 'ForAllValues:StringLike' || patterns === undefined || Object.keys(keys).length > 1) {
      throw new Error(`The condition ${operator} is unknown here`);
    }
    return leadingKeys.every((key) => patterns.some((pattern) => isLike(key, pattern)));
  });
}

function allows(statement: Statement, call: AwsCall): boolean {
  return (
    statement.Effect === 'Allow' &&
    statement.Action.some((action) => isLike(call.action, action)) &&
    statement.Resource.some((resource) => isLike(call.resource, resource)) &&
    meets(statement, call)
  );
}

function told({ action, resource, leadingKeys }: AwsCall): string {
  return [action, 'on', resource, ...(leadingKeys.length === 0 ? [] : ['for', ...leadingKeys])].join(' ');
}

/** Calls that the role does not allow. */
export function missingRights(role: readonly Statement[], calls: readonly AwsCall[]): string[] {
  return [...new Set(calls.filter((call) => !role.some((statement) => allows(statement, call))).map(told))];
}

/** A statement of several actions and resources as statements of one each: every one has to be of use. */
function parts(statement: Statement): Statement[] {
  return statement.Action.flatMap((action) =>
    statement.Resource.map((resource) => ({ ...statement, Action: [action], Resource: [resource] })),
  );
}

/** Rights of the role that none of the calls needed. */
export function unusedRights(role: readonly Statement[], calls: readonly AwsCall[]): string[] {
  return role
    .flatMap(parts)
    .filter((part) => !calls.some((call) => allows(part, call)))
    .map(({ Action, Resource }) => `${Action} on ${Resource}`);
}
