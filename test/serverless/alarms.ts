import { describe, expect, test } from '@jest/globals';
import { outcomesByGroup } from '../../lib/observability/metrics.ts';
import { alarmFaults, alarms } from '../deploy/rules/alarms.ts';
import { allowed } from '../deploy/rules/roles.ts';
import { resolved } from '../deploy/template/resolved.ts';
import { ofType, ref } from '../deploy/template/template.ts';

import type { PackagedStack } from './packaged-stack.ts';

const lambdas = Object.keys(allowed);

export function alarmTests(stack: PackagedStack): void {
  const { lambda, spoiled, replaced } = stack;

  describe('alarms', () => {
    test('watch what the service counts, and notify the topic', () => {
      expect(alarmFaults(stack.template)).toEqual([]);
    });

    test.each(Object.keys(alarms))('%s is missed when it goes, and when it notifies no topic', (id) => {
      expect(alarmFaults(spoiled((resources) => delete resources[id]))).toHaveLength(1);
      expect(alarmFaults(replaced(id, '"AlarmActions":[{"Ref":"AlarmTopic"}]', '"AlarmActions":[]'))).toEqual(
        [`${id} does not notify the topic`],
      );
    });

    test.each([
      [
        'a function is watched no longer',
        'FunctionErrorsAlarm',
        '"Ref":"SweepLambdaFunction"',
        '"Ref":"Gone"',
      ],
      ['an API handler is watched no longer', 'ApiFaultsAlarm', '/ssl-retry', '/other'],
      ['a logged text is another', 'NetworkPausedAlarm', '"Value":"network-paused"', '"Value":"paused"'],
      [
        'it watches the other group',
        'UnauthorizedAlarm',
        'runcloud-relay-prod-api',
        'runcloud-relay-prod-workers',
      ],
      ['a dimension has a name that nothing counts by', 'OrderBudgetAlarm', '"function"', '"Function"'],
      ['it takes too much', 'UnavailableAlarm', '"Threshold":1', '"Threshold":1000'],
      ['it takes too long', 'UnavailableAlarm', '"EvaluationPeriods":2', '"EvaluationPeriods":20'],
      ['it waits for less', 'DeadLettersAlarm', 'GreaterThanOrEqualTo', 'LessThanOrEqualTo'],
      ['what is there is told, not what is new', 'DeadLettersAlarm', 'DIFF(visible1)', 'MAX(visible1)'],
      ['it adds up what is no sum', 'QuotaAlarm', 'MAX(METRICS())', 'SUM(METRICS())'],
      ['silence is taken for good news', 'SweepSilentAlarm', '"breaching"', '"notBreaching"'],
      [
        'it says over of what may last',
        'NetworkPausedAlarm',
        '"AlarmActions"',
        '"OKActions":[{"Ref":"AlarmTopic"}],"AlarmActions"',
      ],
    ])('are found faulty when %s', (_, id, before, next) => {
      expect(alarmFaults(replaced(id, before, next))).not.toEqual([]);
    });

    test('that watch a group watch what its functions count by group', () => {
      const byGroup = Object.values(alarms).flatMap(({ watches }) =>
        watches.flatMap(({ name, of }) => (name.endsWith('outcomes') && 'group' in of ? [of] : [])),
      );
      expect(new Set(byGroup.map(({ outcome }) => outcome))).toEqual(outcomesByGroup);
      const groups = new Set(lambdas.map((id) => lambda(id).Environment.Variables.METRIC_GROUP));
      for (const { group } of byGroup) expect(groups).toContain(group);
    });

    test('are mailed where an address is given', () => {
      expect(ofType(stack.template, 'AWS::SNS::Subscription')).toEqual([]);
      const mailed = resolved(stack.written, { AlarmEmail: 'ops@example.org' });
      expect(mailed.Resources.AlarmMail).toMatchObject({
        Type: 'AWS::SNS::Subscription',
        Properties: { Protocol: 'email', TopicArn: ref('AlarmTopic'), Endpoint: ref('AlarmEmail') },
      });
    });

    test('none of them fires for a customer whose DNS points elsewhere', () => {
      const watched = JSON.stringify(ofType(stack.template, 'AWS::CloudWatch::Alarm'));
      expect(watched).not.toMatch(/dns/i);
    });
  });
}
