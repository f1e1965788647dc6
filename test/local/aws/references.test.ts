import { expect, test } from '@jest/globals';
import { resolveValue } from '../../../local/aws/references.ts';

const resources = new Map([['Queue', { ref: 'http://127.0.0.1/queue', arn: 'arn:aws:sqs:queue' }]]);

test('a reference becomes what the resource is on this machine', () => {
  expect(resolveValue({ Ref: 'Queue' }, resources)).toBe('http://127.0.0.1/queue');
  expect(resolveValue({ 'Fn::GetAtt': ['Queue', 'Arn'] }, resources)).toBe('arn:aws:sqs:queue');
});

test('plain values are given as text, as an environment wants them', () => {
  expect(resolveValue('INFO', resources)).toBe('INFO');
  expect(resolveValue(30, resources)).toBe('30');
});

test('what does not exist here fails the start instead of reaching a function', () => {
  expect(() => resolveValue({ Ref: 'Bucket' }, resources)).toThrow('Bucket');
  expect(() => resolveValue({ 'Fn::Sub': 'x' }, resources)).toThrow('Fn::Sub');
});
