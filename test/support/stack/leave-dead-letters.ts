import { sqsQueue } from '../../../lib/aws/queue.ts';
import { localSqs } from '../../../local/aws/clients.ts';
import type { TestStack } from './stack.ts';

/** Dead letters of domains, as the workers write them: codes by domain. */
export async function leaveDeadLetters(
  { endpoints, region, resources }: Pick<TestStack, 'endpoints' | 'region' | 'resources'>,
  network: string,
  codes: Readonly<Record<string, string>>,
): Promise<void> {
  const client = localSqs(endpoints.sqs, region);
  const urlOf = (id: string) => resources.get(id)?.ref ?? '';
  const queue = sqsQueue({ client, url: urlOf('DomainQueue'), deadLetterUrl: urlOf('DomainDeadLetters') });
  for (const [domain, code] of Object.entries(codes)) {
    await queue.sendDeadLetter({
      id: `${network}/${domain}/3/dead-letter`,
      message: { network, domain, deadLetter: 3 },
      code,
      reason: 'RunCloud did not take it',
      firstFailureAt: 0,
      lastFailureAt: 1,
    });
  }
  client.destroy();
}
