import { SocketAddress } from 'node:net';
import * as z from 'zod/mini';
import { logLevels } from './observability/log.ts';
import { parsedWith } from './parsed-with.ts';
import { pick } from './pick.ts';
import { parseBaseUrl, RuncloudUrlInvalid } from './runcloud/base-url.ts';

/** A function's environment does not match serverless.yml. Names variables, shows no value. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly variables: readonly string[];

  constructor(faults: readonly { variable: string; message: string }[]) {
    super(
      `The environment is not valid: ${faults.map((fault) => `${fault.variable} ${fault.message}`).join('; ')}`,
    );
    this.variables = faults.map(({ variable }) => variable);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const required = z.string({ error: 'is missing' });

function textOr(byDefault: string) {
  return z._default(z.string(), byDefault);
}

function seconds(byDefault: string) {
  return parsedWith(textOr(byDefault), (text, refuse) =>
    /^\d+(\.\d+)?$/.test(text) && Number(text) > 0
      ? Number(text)
      : refuse('must be a number of seconds above 0'),
  );
}

const queueUrl = required.check(z.refine((text) => URL.canParse(text), 'must be the URL of a queue'));

const logLevel = parsedWith(
  textOr('INFO'),
  (text, refuse) =>
    logLevels.find((level) => level === text.toUpperCase()) ??
    refuse(`must be one of ${logLevels.join(', ')}`),
);

const runcloudUrl = parsedWith(textOr('https://manage.runcloud.io'), (text, refuse) => {
  try {
    return parseBaseUrl(text);
  } catch (error) {
    if (!(error instanceof RuncloudUrlInvalid)) throw error;
    return refuse(error.reason);
  }
});

const resolvers = parsedWith(textOr(''), (text, refuse) => {
  const servers = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (servers.every((server) => SocketAddress.parse(server) !== undefined)) return servers;
  return refuse('must be resolvers as ip:port, separated by commas');
});

function port(byDefault: string) {
  return parsedWith(textOr(byDefault), (text, refuse) =>
    /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536
      ? Number(text)
      : refuse('must be a port'),
  );
}

function flag(byDefault: 'true' | 'false') {
  return parsedWith(textOr(byDefault), (text, refuse) => {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? lower === 'true' : refuse('must be true or false');
  });
}

/** Every variable that a function may read. Seconds and ports become numbers. */
const variables = {
  LOG_LEVEL: logLevel,
  /** Set by the runtime. */
  AWS_LAMBDA_FUNCTION_NAME: textOr('local'),
  /** Functions whose alarms watch one metric: `runcloud-relay-prod-workers`. */
  METRIC_GROUP: textOr('local'),
  LEDGER_TABLE: required,
  SECRET_PREFIX: required,
  DOMAIN_QUEUE_URL: queueUrl,
  DOMAIN_DLQ_URL: queueUrl,
  CERTIFICATE_QUEUE_URL: queueUrl,
  CERTIFICATE_DLQ_URL: queueUrl,
  OUTCOME_QUEUE_URL: queueUrl,
  OUTCOME_DLQ_URL: queueUrl,
  NOTICE_TOPIC_ARN: required,
  RETRY_BASE_SECONDS: seconds('30'),
  CERTIFICATE_RETRY_BASE_SECONDS: seconds('60'),
  RUNCLOUD_URL: runcloudUrl,
  /** Empty: the system's resolvers. */
  DNS_SERVERS: resolvers,
  TLS_PROBE_PORT: port('443'),
  /** False: no address gets mail, so no notice of a success is recorded. */
  SUCCESS_NOTICES: flag('true'),
  /** True: the daily comparison reports what is missing in RunCloud and adds nothing. */
  DRIFT_DRY_RUN: flag('false'),
};

type Variable = keyof typeof variables;

/** The parsed values of these variables. */
export type Config<V extends Variable> = z.output<z.ZodMiniObject<Pick<typeof variables, V>>>;

/** AWS and shells sometimes pass an unset variable as an empty text. */
function withoutEmpty(env: Environment) {
  return Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}

/** The variables that a function uses, parsed. Throws `InvalidConfig`, which names every fault at once. */
export function configOf<V extends Variable>(env: Environment, ...names: readonly V[]): Config<V> {
  const parsed = z.object(pick(variables, names)).safeParse(withoutEmpty(env));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), message }));
  throw new InvalidConfig(faults);
}
