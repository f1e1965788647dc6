import { dashboard } from './dashboard.ts';
import { domainFlow } from './domain-flow.ts';

/** The pictures of docs/images that code draws, by file name. */
export const drawings: Readonly<Record<string, () => string>> = {
  'dashboard.svg': dashboard,
  'domain-flow.svg': domainFlow,
};
