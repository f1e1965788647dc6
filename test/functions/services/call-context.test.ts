import { describe, expect, test } from '@jest/globals';
import { coldStarts, logOfCall } from '../../../functions/services/call-context.ts';
import { createLog } from '../../../lib/observability/log.ts';

const root = '1-5f84c7a5-0123456789abcdef01234567';

function lineOf(awsRequestId: string, trace?: string, isCold = coldStarts()): unknown {
  const lines: unknown[] = [];
  const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(JSON.parse(line)) });
  const env = trace === undefined ? {} : { _X_AMZN_TRACE_ID: trace };
  logOfCall(log, { functionName: 'sweep', awsRequestId }, { env, isCold }).info('messages sent');
  return lines[0];
}

describe('a line of a call', () => {
  test('names the function and the call, as Powertools for AWS Lambda does', () => {
    expect(lineOf('r-1')).toMatchObject({ function_name: 'sweep', function_request_id: 'r-1' });
  });

  test('says whether the call was the first of its process, in every line of it', () => {
    const isCold = coldStarts();
    const cold = ['r-1', 'r-1', 'r-2', 'r-3'].map((id) => lineOf(id, undefined, isCold));
    expect(cold).toMatchObject([true, true, false, false].map((cold_start) => ({ cold_start })));
  });

  test('names the trace where there is one', () => {
    const line = lineOf('r-1', `Root=${root};Parent=0123456789abcdef;Sampled=0`);
    expect(line).toMatchObject({ xray_trace_id: root });
    expect(lineOf('r-1', `Self=1;Root=${root}`)).toMatchObject({ xray_trace_id: root });
  });

  test.each([undefined, '', 'Root=', 'Root=me@example.org;Sampled=1', `Root=${root}x`])(
    'names no trace for %j',
    (trace) => {
      expect(lineOf('r-1', trace)).not.toHaveProperty('xray_trace_id');
    },
  );
});
