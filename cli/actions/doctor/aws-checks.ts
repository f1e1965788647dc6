import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Finding, failed, ok, warning } from '../../../lib/connection/check.ts';
import { CommandFailed } from '../../errors.ts';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';
import { type DoctorCheck, unanswered } from './check.ts';

/** A thousand domains at once are a usual burst; many more for long are not. */
const MANY = 1_000;

async function countIn(sqs: SQSClient, url: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] });
  const { Attributes = {} } = await sqs.send(command);
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

async function counts({ client, hasOutput, output }: Aws, queues: readonly string[]) {
  const sqs = new SQSClient({ ...client('sqs'), useQueueUrlAsEndpoint: false });
  try {
    const known = queues.filter((name) => hasOutput(`${name}Url`));
    return await Promise.all(known.map((name) => countIn(sqs, output(`${name}Url`))));
  } catch (error) {
    throw awsFailure(error, 'the queues');
  } finally {
    sqs.destroy();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, count) => total + count, 0);
}

async function queuesFinding(aws: Aws): Promise<Finding> {
  const waiting = sum(await counts(aws, ['DomainQueue', 'CertificateQueue', 'OutcomeQueue']));
  const detail = `${waiting} messages wait`;
  return waiting > MANY ? warning(detail, 'If they do not get fewer, see relay logs') : ok(detail);
}

async function deadLettersFinding(aws: Aws): Promise<Finding> {
  const dead = sum(await counts(aws, ['DomainDeadLetters', 'CertificateDeadLetters', 'OutcomeDeadLetters']));
  if (dead === 0) return ok('None');
  return warning(`About ${dead} dead letters wait for a person`, 'relay dead-letters show says what to do');
}

async function alarmsFinding({ alarmPrefix, client }: Aws): Promise<Finding> {
  if (alarmPrefix === undefined) return { state: 'skipped', detail: 'This machine has no alarms', fix: null };
  const cloudWatch = new CloudWatchClient(client('cloudwatch'));
  const ringing: string[] = [];
  let all = 0;
  try {
    const pages = paginateDescribeAlarms({ client: cloudWatch }, { AlarmNamePrefix: alarmPrefix });
    for await (const { MetricAlarms = [] } of pages) {
      all += MetricAlarms.length;
      for (const { AlarmName = '', StateValue } of MetricAlarms) {
        if (StateValue === 'ALARM') ringing.push(AlarmName.slice(alarmPrefix.length));
      }
    }
  } catch (error) {
    throw awsFailure(error, 'the alarms');
  } finally {
    cloudWatch.destroy();
  }
  if (ringing.length > 0) {
    return failed(`Ringing: ${ringing.join(', ')}`, 'docs/reference/alarms.md says what each means');
  }
  if (all === 0) return failed('The stage has no alarms', 'Deploy this version of the relay');
  return ok(`${all} alarms, none rings`);
}

/** What all networks of a relay share. A check that AWS refuses keeps no other from being made. */
export async function awsChecks(aws: Aws): Promise<DoctorCheck[]> {
  const findings = { queues: queuesFinding, 'dead-letters': deadLettersFinding, alarms: alarmsFinding };
  return Promise.all(
    Object.entries(findings).map(async ([name, find]): Promise<DoctorCheck> => {
      try {
        return { network: null, name, ...(await find(aws)) };
      } catch (error) {
        if (error instanceof CommandFailed) return unanswered(null, name, error);
        throw error;
      }
    }),
  );
}
