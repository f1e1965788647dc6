import { expect, test } from '@jest/globals';
import { withLedger } from '../../../cli/target/services/ledger.ts';
import { Unavailable, UnreadableItem } from '../../../lib/errors.ts';
import { awsAt } from '../../support/aws/aws-at.ts';

// Nothing listens there: it is not asked.
const aws = awsAt('http://127.0.0.1:1');

function denied(): Error {
  return Object.assign(new Error('not allowed'), { name: 'AccessDeniedException' });
}

// `relay doctor` goes on with its other checks after these alone.
test.each([
  [
    'an item that cannot be read',
    new UnreadableItem({ network: 'demo', item: 'network' }, ['format']),
    'docs/operations/roll-back.md',
  ],
  ['a ledger that may not be read', new Unavailable('ledger', denied()), 'AWS credentials that may read it'],
])('tells of %s in one sentence with the next step', async (_what, error, next) => {
  const failed = withLedger(aws, () => Promise.reject(error));
  await expect(failed).rejects.toMatchObject({
    name: 'CommandFailed',
    message: expect.stringContaining(next),
  });
});

test('takes a bug for nothing else', async () => {
  await expect(withLedger(aws, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
});
