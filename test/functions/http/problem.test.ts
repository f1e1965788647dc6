import { describe, expect, test } from '@jest/globals';
import { Problem, type ProblemType, problemReply, toProblem } from '../../../functions/http/problem.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { SecretMissing } from '../../../lib/sync/ledger/errors.ts';
import { BadEvent } from '../../../lib/webhook/bad-event.ts';

const statuses: Record<ProblemType, number> = {
  'not-json': 400,
  'bad-shape': 400,
  'wrong-type': 400,
  'bad-domain': 400,
  'too-new': 400,
  'too-old': 400,
  'bad-query': 400,
  unauthorized: 401,
  'not-found': 404,
  'too-large': 413,
  'unsupported-media-type': 415,
  'protected-domain': 422,
  'internal-error': 500,
  unavailable: 503,
};

function bodyOf(reply: { readonly body?: string | undefined }): unknown {
  return JSON.parse(reply.body ?? '');
}

describe('problemReply', () => {
  test.each(Object.entries(statuses))(
    '%s is answered %i, with the members of the contract only',
    (name, status) => {
      const type = toType(name);
      const reply = problemReply(new Problem(type));
      expect(reply.statusCode).toBe(status);
      expect(reply.headers).toEqual({
        'Content-Type': 'application/problem+json',
        ...(status === 503 ? { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) } : {}),
      });
      expect(bodyOf(reply)).toStrictEqual({
        type: name,
        title: expect.stringMatching(/^\w.{5,}$/),
        status,
        detail: expect.stringMatching(/^\w.{5,}$/),
        ...(status === 400 ? { issues: [] } : {}),
      });
    },
  );

  test('at 400 the detail says what the issues name', () => {
    const issues = [
      { path: 'data.domain', message: 'Is missing' },
      { path: '', message: 'Must be an object' },
    ];
    expect(bodyOf(problemReply(new Problem('bad-shape', { issues })))).toMatchObject({
      detail: 'data.domain: Is missing; Must be an object',
      issues,
    });
  });

  const toType = (name: string): ProblemType => {
    const found = Object.keys(statuses).find((type): type is ProblemType => type === name);
    if (found === undefined) throw new Error(`${name} is no problem type`);
    return found;
  };
});

describe('toProblem', () => {
  test('a bad event keeps its type and issues', () => {
    const issues = [{ path: 'timestamp', message: 'Is missing' }];
    expect(toProblem(new BadEvent('bad-shape', issues))).toMatchObject({
      type: 'bad-shape',
      status: 400,
      issues,
    });
  });

  test.each([
    ['ledger', new Unavailable('ledger')],
    ['queue', new Unavailable('queue')],
    ['secrets', new Unavailable('secrets')],
    ['faulty secret', new SecretMissing('The secret is not there')],
  ])('%s: unavailable', (_what, error) => {
    expect(toProblem(error)).toMatchObject({ type: 'unavailable', status: 503, cause: error });
  });

  test.each([new TypeError('x is not a function'), 'a string', undefined])('%p: a bug', (error) => {
    const problem = toProblem(error);
    expect(problem).toMatchObject({ type: 'internal-error', status: 500 });
    expect(problemReply(problem).body).not.toContain('not a function');
  });
});
