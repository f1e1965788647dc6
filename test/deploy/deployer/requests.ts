import type { AwsCall, AwsRequest, Place } from '../calls/aws-call.ts';

interface Asked {
  readonly action: string;
  readonly resource: string;
}

/** `s3` of `AWS4-HMAC-SHA256 Credential=…/20260101/eu-west-1/s3/aws4_request, …`. */
function serviceOf({ headers }: AwsRequest): string {
  const [, service] = /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(String(headers.authorization)) ?? [];
  if (service === undefined) throw new Error('A request that is not signed');
  return service;
}

function arnOf(service: string, { region, accountId }: Place, rest: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${rest}`;
}

/** CloudFormation and STS: a form that names the action. */
function ofForm(service: string, { body }: AwsRequest, place: Place): Asked {
  const form = new URLSearchParams(body);
  const stack = form.get('StackName');
  const name = stack === null ? undefined : (/:stack\/([^/]+)/.exec(stack)?.[1] ?? stack);
  return {
    action: `${service}:${form.get('Action')}`,
    resource: name === undefined ? '*' : arnOf(service, place, `stack/${name}/0f3c1a52`),
  };
}

/** The actions of S3 that a bucket without versions needs. A HEAD needs the right of the GET. */
function ofS3({ method, url }: AwsRequest): Asked {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [bucket = '', ...key] = pathname.slice(1).split('/').map(decodeURIComponent);
  const inBucket = key.join('/') !== '';
  const resource = `arn:aws:s3:::${inBucket ? `${bucket}/${key.join('/')}` : bucket}`;
  if (method === 'POST' && searchParams.has('delete')) {
    return { action: 's3:DeleteObject', resource: `arn:aws:s3:::${bucket}/any` };
  }
  if (method === 'PUT' && inBucket) return { action: 's3:PutObject', resource };
  if (method !== 'GET' && method !== 'HEAD') throw new Error(`An unknown call of S3: ${method} ${url}`);
  if (inBucket) return { action: 's3:GetObject', resource };
  for (const [query, action] of [
    ['location', 's3:GetBucketLocation'],
    ['versions', 's3:ListBucketVersions'],
    ['policy', 's3:GetBucketPolicy'],
  ] as const) {
    if (searchParams.has(query)) return { action, resource };
  }
  return { action: 's3:ListBucket', resource };
}

const lambdaActions: Readonly<Record<string, string>> = {
  'GET ': 'GetFunction',
  'GET /versions': 'ListVersionsByFunction',
};

function ofLambda({ method, url }: AwsRequest, place: Place): Asked {
  const [, name, rest = ''] = /^\/2015-03-31\/functions\/([^/?]+)(\/\w+)?/.exec(url) ?? [];
  const action = lambdaActions[`${method} ${rest}`];
  if (name === undefined || action === undefined) {
    throw new Error(`An unknown call of Lambda: ${method} ${url}`);
  }
  const [bare = ''] = decodeURIComponent(name)
    .replace(/^arn:.*:function:/, '')
    .split(':');
  return { action: `lambda:${action}`, resource: arnOf('lambda', place, `function:${bare}`) };
}

/** Services of AWS's JSON protocol name the operation in a header. */
function ofTarget(service: string, { headers, body }: AwsRequest, place: Place): Asked {
  const operation = String(headers['x-amz-target']).split('.').at(-1);
  const { TableName, logGroupName } = JSON.parse(body);
  const rest = TableName === undefined ? `log-group:${logGroupName}` : `table/${TableName}`;
  const named = TableName !== undefined || logGroupName !== undefined;
  return { action: `${service}:${operation}`, resource: named ? arnOf(service, place, rest) : '*' };
}

function asked(request: AwsRequest, place: Place): Asked {
  const service = serviceOf(request);
  if (service === 's3') return ofS3(request);
  if (service === 'lambda') return ofLambda(request, place);
  if (request.headers['x-amz-target'] !== undefined) return ofTarget(service, request, place);
  return ofForm(service, request, place);
}

/** What a request of a deployer asks for, in the terms of a policy. */
export function toDeployerCall(request: AwsRequest, place: Place): AwsCall {
  return { ...asked(request, place), leadingKeys: [] };
}
