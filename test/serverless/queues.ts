import { describe, expect, test } from '@jest/globals';
import { queueFaults } from '../deploy/rules/queues.ts';

import type { PackagedStack } from './packaged-stack.ts';

export function queueTests(stack: PackagedStack): void {
  const { replaced } = stack;

  describe('queues', () => {
    test('are encrypted, over TLS only, seen again after six timeouts and given up after five', () => {
      expect(queueFaults(stack.template)).toEqual([]);
    });

    test.each([
      ['a redrive policy goes', 'DomainQueue', 'RedrivePolicy', 'NoPolicy'],
      ['dead letters go nowhere', 'CertificateQueue', '"CertificateDeadLetters"', '"LedgerTable"'],
      ['the tries change', 'DomainQueue', '"maxReceiveCount":5', '"maxReceiveCount":50'],
      ['a message comes back too early', 'CertificateQueue', '1800', '300'],
      ['dead letters are lost too early', 'CertificateDeadLetters', '1209600', '345600'],
      [
        'a queue is not encrypted',
        'DomainQueue',
        '"SqsManagedSseEnabled":true',
        '"SqsManagedSseEnabled":false',
      ],
      ['one may be called in the open', 'QueuesOverTls', '{"Ref":"CertificateQueue"},', ''],
      ['a policy allows', 'QueuesOverTls', '"Deny"', '"Allow"'],
      [
        'a batch is answered as a whole',
        'SyncDashdomainEventSourceMappingSQSDomainQueue',
        '"ReportBatchItemFailures"',
        '',
      ],
      [
        'workers take all calls of a new account',
        'SyncDashdomainEventSourceMappingSQSDomainQueue',
        '"MaximumConcurrency":3',
        '"MaximumConcurrency":4',
      ],
      [
        'workers have no bound',
        'SecureDashdomainsEventSourceMappingSQSCertificateQueue',
        'ScalingConfig',
        'Config',
      ],
    ])('are found faulty when %s', (_, id, before, next) => {
      expect(queueFaults(replaced(id, before, next))).not.toEqual([]);
    });
  });
}
