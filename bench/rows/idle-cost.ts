import { countedCalls } from '../../test/deploy/calls/counted-calls.ts';
import { resolved } from '../../test/deploy/template/resolved.ts';
import { idleBill, sum } from '../idle/bill.ts';
import { billable } from '../idle/billable.ts';
import { packagedTemplate } from '../measure/packaged.ts';
import type { Measure } from '../row.ts';

/** What a stage costs while nothing happens. */
export const measure: Measure = async () => {
  const [reads = Number.NaN, writes = Number.NaN] =
    (await countedCalls()).get('a sweep that finds nothing due') ?? [];
  const counted = billable(resolved(await packagedTemplate()));
  return [
    { measure: 'metrics that alarms watch', value: counted.alarmMetrics, goal: 35, unit: 'count' },
    {
      measure: 'idle deployment a month',
      value: sum(idleBill(counted, { reads, writes })),
      goal: 5,
      unit: 'USD',
    },
  ];
};
