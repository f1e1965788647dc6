import { z } from 'zod';
import { ofType, type Template } from '../../test/deploy/template/template.ts';

const alarmSchema = z.object({
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});
const ruleSchema = z.object({ ScheduleExpression: z.literal('rate(1 minute)') });

/** What a stage is billed for by being there, of a template whose conditions are decided. */
export interface Billable {
  /** The metrics that alarms watch. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  /** Queues that Lambda polls, also while they are empty. */
  readonly polledQueues: number;
  /** Functions that a rule calls every minute. */
  readonly callsEachMinute: number;
}

function metricsOf(alarm: unknown): number {
  const { Metrics } = alarmSchema.parse(alarm);
  return Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
}

export function billable(template: Template): Billable {
  const rules = ofType(template, 'AWS::Events::Rule').map(([, rule]) => ruleSchema.parse(rule));
  const metrics = ofType(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => metricsOf(alarm));
  return {
    alarmMetrics: metrics.reduce((sum, count) => sum + count, 0),
    dashboards: ofType(template, 'AWS::CloudWatch::Dashboard').length,
    polledQueues: ofType(template, 'AWS::Lambda::EventSourceMapping').length,
    callsEachMinute: rules.length,
  };
}
