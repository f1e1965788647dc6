import { importCost } from '../measure/import-cost.ts';
import { type PackagedFunction, packaged } from '../measure/packaged.ts';
import { ratios } from '../measure/paired.ts';
import type { Measure } from '../row.ts';
import { stockBundle } from '../stock/bundle.ts';

/** On a machine that other work keeps busy. */
const VARIES_BY = 0.1;
const WORKER_GOAL = 0.75;

const goals: Readonly<Record<string, number>> = {
  'domain-added': 0.55,
  'domain-removed': 0.55,
  'ssl-retry': 0.55,
  'domain-status': 0.55,
  connection: 0.55,
  'sync-domain': WORKER_GOAL,
  'secure-domains': WORKER_GOAL,
  'post-outcome': WORKER_GOAL,
  sweep: 0.5,
};

function goalOf({ name }: PackagedFunction): number {
  const goal = goals[name];
  if (goal === undefined) throw new Error(`The cold import of ${name} has no goal`);
  return goal;
}

/** The CPU time of importing each packaged bundle, divided by that of the stock stack. */
export const measure: Measure = async () => {
  const [stock, functions] = [await stockBundle(), await packaged()];
  const costs = new Map(functions.map(({ name, bundle }) => [name, () => importCost(bundle)]));
  const measured = await ratios(() => importCost(stock), costs);
  return functions.map((it) => ({
    measure: `cold import of ${it.name} ÷ stock`,
    value: measured.get(it.name) ?? Number.NaN,
    goal: goalOf(it),
    unit: 'ratio',
    limit: {
      bound: goalOf(it) * (1 + VARIES_BY),
      why: 'such a time varies by a tenth between runs; the SDK alone takes 0.35',
    },
  }));
};
