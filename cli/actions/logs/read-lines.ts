import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { metricFields } from '../../../lib/observability/embedded-metric.ts';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';

const lineSchema = z.looseObject({
  timestamp: z.string(),
  level: z.string(),
  message: z.string(),
  function_name: z.string().optional(),
  network: z.string().optional(),
  domain: z.string().optional(),
});

export type LogLine = z.infer<typeof lineSchema>;

/** A metric may share a line, and has one of its own in other cases. Neither is told. */
function lineIn(text: string): LogLine[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return [];
    const told = Object.entries(parsed.data).filter(([name]) => !metricFields.has(name));
    return [lineSchema.parse(Object.fromEntries(told))];
  } catch {
    return [];
  }
}

/** A domain's lines; without one, warnings and errors. CloudWatch filters, so only these are sent. */
function pattern(domain: string | undefined): string {
  return domain === undefined
    ? '{ ($.level = "WARN") || ($.level = "ERROR") }'
    : `{ ($.domain = "${domain}") }`;
}

/** The functions' lines since an instant, the oldest first. */
export async function readLines(
  domain: string | undefined,
  startTime: number,
  aws: Aws,
  abortSignal: AbortSignal,
): Promise<LogLine[]> {
  const client = new CloudWatchLogsClient(aws.client('logs'));
  const lines: LogLine[] = [];
  const readGroup = async (logGroupName: string) => {
    const asked = { logGroupName, startTime, filterPattern: pattern(domain) };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, asked, { abortSignal })) {
      for (const { message = '' } of events) lines.push(...lineIn(message));
    }
  };
  try {
    const groups = { logGroupNamePrefix: aws.logGroupPrefix };
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, groups, { abortSignal })) {
      for (const { logGroupName } of logGroups) if (logGroupName !== undefined) await readGroup(logGroupName);
    }
  } catch (error) {
    throw awsFailure(error, 'the logs');
  } finally {
    client.destroy();
  }
  return lines.toSorted((a, b) => a.timestamp.localeCompare(b.timestamp));
}
