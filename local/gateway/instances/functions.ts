import { type ResourceValues, resolveValue } from '../../aws/references.ts';
import type { Service } from '../../service.ts';
import type { GatewayFunction } from '../messages.ts';

/** Of a function that no queue feeds. One machine has few cores, and each instance takes memory. */
const mostInstances = 2;

type Events = Service['functions'][string]['events'];

function maxInstances(events: Events): number {
  return Math.max(...events.map(({ sqs }) => sqs?.maximumConcurrency ?? mostInstances));
}

/** The functions of serverless.yml, every reference in their environments replaced by what it stands for here. */
export function resolveFunctions(
  { provider, functions }: Service,
  resources: ReadonlyMap<string, ResourceValues>,
  passedOn: Readonly<Record<string, string>>,
): Record<string, GatewayFunction> {
  return Object.fromEntries(
    Object.entries(functions).map(([key, { name, handler, timeout, environment, events }]) => [
      key,
      {
        name,
        handler,
        timeout,
        maxInstances: maxInstances(events),
        environment: {
          ...Object.fromEntries(
            Object.entries({ ...provider.environment, ...environment }).map(([variable, value]) => [
              variable,
              resolveValue(value, resources),
            ]),
          ),
          ...passedOn,
        },
        // The HTTP API's routes only: queues and timetable are not serverless-offline's.
        events: events.flatMap(({ httpApi }) => (httpApi === undefined ? [] : [{ httpApi }])),
      },
    ]),
  );
}
