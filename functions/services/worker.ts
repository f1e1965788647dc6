import { randomUUID } from 'node:crypto';
import { sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import type { Config } from '../../lib/config.ts';
import { wwwGate } from '../../lib/dns/gate.ts';
import { commonVariables, guardedServices } from './common.ts';
import { networksOf } from './networks.ts';
import { secretsOf, workerSettings } from './secrets.ts';

/** The variables of both workers. */
export const workerVariables = [
  ...commonVariables,
  'SECRET_PREFIX',
  'CERTIFICATE_QUEUE_URL',
  'OUTCOME_QUEUE_URL',
  'SUCCESS_NOTICES',
  'RUNCLOUD_URL',
  'DNS_SERVERS',
] as const;

/** What both workers work with, built once per cold start. */
export function workerServices(config: Config<(typeof workerVariables)[number]>) {
  const common = guardedServices(config);
  const secrets = secretsOf(config.SECRET_PREFIX, workerSettings);
  return {
    ...common,
    random: Math.random,
    networks: networksOf(secrets, config.RUNCLOUD_URL, common.metrics),
    outcomeQueue: sqsMessages({ client: sqsClient(), url: config.OUTCOME_QUEUE_URL }),
    successNotices: config.SUCCESS_NOTICES,
    askWww: wwwGate(config.DNS_SERVERS),
    newOwner: randomUUID,
    reportCallsThisMonth: common.metrics.callsThisMonth,
  };
}
