import type { Statement } from '../emulator/account.ts';
import type { AwsCall } from './aws-call.ts';

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}

/** IAM's own wildcards: `*` any text, `?` one character. */
function isLike(text: string, pattern: string): boolean {
  return new RegExp(`^${escaped(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}

type Meets = (call: AwsCall, key: string, values: readonly string[]) => boolean;

/** A key that the call does not have is not met. */
function ofContext(matches: (value: string, pattern: string) => boolean): Meets {
  return ({ context = {} }, key, values) => {
    const value = context[key];
    return value !== undefined && values.some((pattern) => matches(value, pattern));
  };
}

/** Conditions that our policies use; any other must be taught here before it is relied on. */
const operators: Readonly<Record<string, Meets>> = {
  StringEquals: ofContext((value, text) => value === text),
  ArnLike: ofContext(isLike),
  'ForAllValues:StringLike': ({ leadingKeys }, key, patterns) => {
    if (key !== 'dynamodb:LeadingKeys') throw new Error(`The key ${key} is unknown here`);
    return leadingKeys.every((one) => patterns.some((pattern) => isLike(one, pattern)));
  },
};

function meets({ Condition }: Statement, call: AwsCall): boolean {
  return Object.entries(Condition).every(([operator, keys]) => {
    const holds = operators[operator];
    if (holds === undefined) throw new Error(`The condition ${operator} is unknown here`);
    return Object.entries(keys).every(([key, values]) => holds(call, key, values));
  });
}

function isAbout(statement: Statement, call: AwsCall): boolean {
  return (
    // IAM compares names of actions without their case.
    statement.Action.some((action) => isLike(call.action.toLowerCase(), action.toLowerCase())) &&
    statement.Resource.some((resource) => isLike(call.resource, resource)) &&
    meets(statement, call)
  );
}

function allows(statement: Statement, call: AwsCall): boolean {
  return statement.Effect === 'Allow' && isAbout(statement, call);
}

/** What one statement denies, no other allows. */
function isAllowed(policy: readonly Statement[], call: AwsCall): boolean {
  return (
    policy.some((statement) => allows(statement, call)) &&
    !policy.some((statement) => statement.Effect === 'Deny' && isAbout(statement, call))
  );
}

function told({ action, resource, leadingKeys }: AwsCall): string {
  return [action, 'on', resource, ...(leadingKeys.length === 0 ? [] : ['for', ...leadingKeys])].join(' ');
}

/** Calls that the role does not allow. */
export function missingRights(role: readonly Statement[], calls: readonly AwsCall[]): string[] {
  return [...new Set(calls.filter((call) => !isAllowed(role, call)).map(told))];
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
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(parts)
    .filter((part) => !calls.some((call) => allows(part, call)))
    .map(({ Action, Resource }) => `${Action} on ${Resource}`);
}
