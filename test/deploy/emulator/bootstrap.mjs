// Node's side of the Lambda Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): loads the
// handler, then takes one call after the other.
import { get } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER, AWS_LAMBDA_FUNCTION_NAME } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = (path, body) => fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body) });
const told = ({ name, message, stack = '' }) => ({
  errorType: name,
  errorMessage: message,
  trace: stack.split('\n'),
});

const [file, name] = _HANDLER.split(/\.(?=[^.]*$)/);
let handler;
try {
  ({ [name]: handler } = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.cjs`)).href));
} catch (error) {
  await post('init/error', told(error));
  process.exit(1);
}

/** The next call may be long in coming: fetch gives up after five minutes, this does not. */
const nextCall = () =>
  new Promise((resolve, reject) => {
    get(`${api}/invocation/next`, resolve).on('error', reject);
  });

for (;;) {
  const next = await nextCall();
  const { headers } = next;
  const awsRequestId = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    awsRequestId,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    await post(`invocation/${awsRequestId}/response`, (await handler(await json(next), context)) ?? null);
  } catch (error) {
    await post(`invocation/${awsRequestId}/error`, told(error));
  }
}
