import type { AwsEmulators } from '../aws/emulators.ts';
import { referredId } from '../aws/references.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import type { Service } from '../service.ts';
import { startEventSource } from './event-source.ts';
import { startTimetable } from './timetable.ts';

export interface Triggers {
  stop(): void;
}

export interface TriggerSettings {
  readonly gateway: Pick<Gateway, 'invoke'>;
  readonly timetableEveryMs: number;
  readonly onError: (text: string) => void;
}

/** What calls the functions besides HTTP: the queues and timetables of serverless.yml. */
export function startTriggers(
  { functions, provider }: Service,
  { queues, sqs }: Pick<AwsEmulators, 'queues' | 'sqs'>,
  { gateway, timetableEveryMs, onError }: TriggerSettings,
): Triggers {
  let stopped = false;
  const running = Object.entries(functions).flatMap(([key, { events, timeout }]) =>
    events.flatMap(({ sqs: source, schedule }) => {
      // What is still under way when everything ends fails for that reason alone.
      const told = (text: string) => {
        if (!stopped) onError(`${key}: ${text}`);
      };
      const started: Triggers[] = [];
      if (source !== undefined) {
        const queue = queues.get(referredId(source.arn) ?? '');
        if (queue === undefined)
          throw new Error(`${key} is fed by a queue that serverless.yml does not have`);
        started.push(
          startEventSource({
            queue,
            source,
            region: provider.region,
            functionTimeoutSeconds: timeout,
            sqs,
            invoke: (event) => gateway.invoke(key, event),
            onError: told,
          }),
        );
      }
      if (schedule !== undefined) {
        const call = () => gateway.invoke(key, { source: 'aws.events', 'detail-type': 'Scheduled Event' });
        started.push(startTimetable({ everyMs: timetableEveryMs, call, onError: told }));
      }
      return started;
    }),
  );
  return {
    stop: () => {
      stopped = true;
      for (const trigger of running) trigger.stop();
    },
  };
}
