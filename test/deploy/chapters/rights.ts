import { expect, test } from '@jest/globals';
import { missingRights, unusedRights } from '../calls/rights.ts';
import type { DeployedRelay } from '../deployed-relay.ts';
import { unspeakable } from '../multisite.ts';
import { callsOfLambda, placeOf } from '../world.ts';

/** Before an order for all names of a web application its domains are read. The one deployed to has advanced SSL. */
const usedByBasicSsl = expect.stringMatching(/^dynamodb:Query on arn:aws:dynamodb:[^/]+:table\/[^/]+$/);
/** Dead letters are counted at seven in the morning, and no outcome is given up here: this network has no CALLBACK_URL. */
const countedDaily = expect.stringMatching(/^sqs:GetQueueAttributes on .*DeadLetters/);
const sentWhenGivenUp = expect.stringMatching(/^sqs:SendMessage on .*OutcomeDeadLetters/);
/** Post-outcome has nothing to do for a network without CALLBACK_URL. */
const ofAnOutcome = [
  expect.stringMatching(/^secretsmanager:GetSecretValue on /),
  expect.stringMatching(/^dynamodb:GetItem on /),
  expect.stringMatching(/^dynamodb:PutItem on /),
  sentWhenGivenUp,
];
/** No outcome is posted here, and the sweep brings back none whose worker was killed. */
const sentWithOutcome = expect.stringMatching(/^sqs:SendMessage on .*OutcomeQueue/);

/** Few domains are announced here, so none waits in line for a slot. */
const sentBack = expect.stringMatching(/^sqs:SendMessage on .*DomainQueue/);

/** An addition is written at once, and its item read only where another call has changed it in between. */
const readWhenChanged = expect.stringMatching(/^dynamodb:GetItem on /);

function unusedBy(functionName: string): unknown[] {
  if (functionName.endsWith('-domain-added')) return [readWhenChanged];
  if (functionName.endsWith('-sync-domain')) return [sentBack, sentWithOutcome];
  if (functionName.endsWith('-secure-domains')) return [usedByBasicSsl, sentWithOutcome];
  if (functionName.endsWith('-sweep')) return [sentWithOutcome, countedDaily, countedDaily, countedDaily];
  return functionName.endsWith('-post-outcome') ? ofAnOutcome : [];
}

/** What the functions asked of AWS while all of that happened. So it comes after it. */
export function rightsOfFunctions(deployed: DeployedRelay): void {
  test('each function asked of AWS what its role allows, and its role allows nothing that none of this needed', () => {
    expect(deployed.world.relay.troubles()).toEqual([]);
    const place = placeOf(deployed.world.inventory);
    const found = deployed.world.inventory.functions.map(({ FunctionName, Role }) => {
      const role = deployed.world.inventory.roles[Role] ?? [];
      const asked = deployed.world.relay.calls().get(FunctionName) ?? [];
      const calls = [...asked, ...callsOfLambda(deployed.world.inventory, place, FunctionName)];
      return { FunctionName, missing: missingRights(role, calls), unused: unusedRights(role, calls) };
    });
    expect(found).toEqual(
      deployed.world.inventory.functions.map(({ FunctionName }) => ({
        FunctionName,
        missing: [],
        unused: unusedBy(FunctionName),
      })),
    );
  });

  test('no function wrote a secret', () => {
    const lines = deployed.world.relay.lines();
    expect(lines.some((line) => line.includes('event answered'))).toBe(true);
    for (const text of unspeakable) expect(lines.filter((line) => line.includes(text))).toEqual([]);
  });
}
