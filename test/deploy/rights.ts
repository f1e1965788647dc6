import type { Statement } from './account.ts';
import type { AwsCall } from './aws-call.ts';

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

/** IAM's own wildcards: `*` any text, `?` one character. */
const isLike = (text: string, pattern: string): boolean =>
  new RegExp(`^${escaped(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);

/** Conditions that our roles know; any other must be taught here before it is relied on. */
const meets = ({ Condition }: Statement, { leadingKeys }: AwsCall): boolean =>
  Object.entries(Condition).every(([operator, keys]) => {
    const patterns = keys['dynamodb:LeadingKeys'];
    if (operator !== 'ForAllValues:StringLike' || patterns === undefined || Object.keys(keys).length > 1) {
      throw new Error(`Nobody here knows the condition ${operator}`);
    }
    return leadingKeys.every((key) => patterns.some((pattern) => isLike(key, pattern)));
  });

const allows = (statement: Statement, call: AwsCall): boolean =>
  statement.Effect === 'Allow' &&
  statement.Action.some((action) => isLike(call.action, action)) &&
  statement.Resource.some((resource) => isLike(call.resource, resource)) &&
  meets(statement, call);

const told = ({ action, resource, leadingKeys }: AwsCall): string =>
  [action, 'on', resource, ...(leadingKeys.length === 0 ? [] : ['for', ...leadingKeys])].join(' ');

/** Calls that the role does not allow. */
export const missingRights = (role: readonly Statement[], calls: readonly AwsCall[]): string[] => [
  ...new Set(calls.filter((call) => !role.some((statement) => allows(statement, call))).map(told)),
];

/** A statement of several actions and resources as statements of one each: every one has to be of use. */
const parts = (statement: Statement): Statement[] =>
  statement.Action.flatMap((action) =>
    statement.Resource.map((resource) => ({ ...statement, Action: [action], Resource: [resource] })),
  );

/** Rights of the role that none of the calls needed. */
export const unusedRights = (role: readonly Statement[], calls: readonly AwsCall[]): string[] =>
  role
    .flatMap(parts)
    .filter((part) => !calls.some((call) => allows(part, call)))
    .map(({ Action, Resource }) => `${Action} on ${Resource}`);
