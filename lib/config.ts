import { SocketAddress } from 'node:net';
import { z } from 'zod';
import { logLevels } from './observability/log.ts';
import { parseBaseUrl, RuncloudUrlInvalid } from './runcloud/base-url.ts';

/** The environment of a function is not what serverless.yml should have made of it. Names variables, shows no value. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly variables: readonly string[];

  constructor(faults: readonly { variable: string; message: string }[]) {
    super(
      `The environment is faulty: ${faults.map((fault) => `${fault.variable} ${fault.message}`).join('; ')}`,
    );
    this.variables = faults.map(({ variable }) => variable);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const required = z.string({ error: 'is missing' });

function seconds(byDefault: string) {
  return z
    .string()
    .default(byDefault)
    .refine((text) => /^\d+(\.\d+)?$/.test(text) && Number(text) > 0, 'must be a number of seconds above 0')
    .transform((text) => Number(text) * 1_000);
}

const queueUrl = required.refine((text) => URL.canParse(text), 'must be the URL of a queue');

const logLevel = z
  .string()
  .default('INFO')
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }));

const runcloudUrl = z
  .string()
  .default('https://manage.runcloud.io')
  .transform((text, context) => {
    try {
      return parseBaseUrl(text);
    } catch (error) {
      if (!(error instanceof RuncloudUrlInvalid)) throw error;
      context.addIssue({ code: 'custom', message: error.reason });
      return z.NEVER;
    }
  });

const resolvers = z
  .string()
  .default('')
  .transform((text, context) => {
    const servers = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (servers.every((server) => SocketAddress.parse(server) !== undefined)) return servers;
    context.addIssue({ code: 'custom', message: 'must be resolvers as ip:port, separated by commas' });
    return z.NEVER;
  });

function port(byDefault: string) {
  return z
    .string()
    .default(byDefault)
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536, 'must be a port')
    .transform(Number);
}

const flag = z
  .string()
  .default('false')
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['true', 'false'], { error: 'must be true or false' }))
  .transform((text) => text === 'true');

/** AWS and shells hand over what is unset as an empty text now and then. */
function withoutEmpty(env: Environment) {
  return Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}

/** A function of the environment that names every fault at once. */
function parser<T>(schema: z.ZodType<T>) {
  return (env: Environment): T => {
    const parsed = schema.safeParse(withoutEmpty(env));
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), message }));
    throw new InvalidConfig(faults);
  };
}

const everywhere = {
  LOG_LEVEL: logLevel,
  /** Set by the runtime. */
  AWS_LAMBDA_FUNCTION_NAME: z.string().default('local'),
  LEDGER_TABLE: required,
  RETRY_BASE_SECONDS: seconds('30'),
  CERTIFICATE_RETRY_BASE_SECONDS: seconds('60'),
};

function toEverywhere(env: z.output<z.ZodObject<typeof everywhere>>) {
  return {
    logLevel: env.LOG_LEVEL,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    ledgerTable: env.LEDGER_TABLE,
    domainBaseMs: env.RETRY_BASE_SECONDS,
    certificateBaseMs: env.CERTIFICATE_RETRY_BASE_SECONDS,
  };
}

const api = { ...everywhere, SECRET_PREFIX: required, DOMAIN_QUEUE_URL: queueUrl };

/** For the functions that hear events. */
export const parseApiConfig = parser(
  z.object(api).transform((env) => ({
    ...toEverywhere(env),
    secretPrefix: env.SECRET_PREFIX,
    domainQueueUrl: env.DOMAIN_QUEUE_URL,
  })),
);

/** For `ssl-retry`, which asks for a look at certificates too. */
export const parseRetryConfig = parser(
  z.object({ ...api, CERTIFICATE_QUEUE_URL: queueUrl }).transform((env) => ({
    ...toEverywhere(env),
    secretPrefix: env.SECRET_PREFIX,
    domainQueueUrl: env.DOMAIN_QUEUE_URL,
    certificateQueueUrl: env.CERTIFICATE_QUEUE_URL,
  })),
);

/** How names are looked at from outside. */
const outside = {
  /** None: the system's. */
  DNS_SERVERS: resolvers,
  TLS_PROBE_PORT: port('443'),
};

/** For `sync-domain`: the one that talks to RunCloud and sends dead letters. */
export const parseWorkerConfig = parser(
  z
    .object({
      ...api,
      DOMAIN_DLQ_URL: queueUrl,
      CERTIFICATE_QUEUE_URL: queueUrl,
      RUNCLOUD_URL: runcloudUrl,
      DNS_SERVERS: outside.DNS_SERVERS,
      /** Set: the daily comparison tells what is missing in RunCloud and heals nothing. */
      DRIFT_DRY_RUN: flag,
    })
    .transform((env) => ({
      ...toEverywhere(env),
      secretPrefix: env.SECRET_PREFIX,
      domainQueueUrl: env.DOMAIN_QUEUE_URL,
      domainDlqUrl: env.DOMAIN_DLQ_URL,
      certificateQueueUrl: env.CERTIFICATE_QUEUE_URL,
      runcloudUrl: env.RUNCLOUD_URL,
      dnsServers: env.DNS_SERVERS,
      driftDryRun: env.DRIFT_DRY_RUN,
    })),
);

/** For the sweep, which knows no secret. */
export const parseSweepConfig = parser(
  z
    .object({ ...everywhere, DOMAIN_QUEUE_URL: queueUrl, CERTIFICATE_QUEUE_URL: queueUrl })
    .transform((env) => ({
      ...toEverywhere(env),
      domainQueueUrl: env.DOMAIN_QUEUE_URL,
      certificateQueueUrl: env.CERTIFICATE_QUEUE_URL,
    })),
);

/** For `secure-domains`: the one that orders certificates. */
export const parseCertificateConfig = parser(
  z
    .object({
      ...everywhere,
      SECRET_PREFIX: required,
      CERTIFICATE_QUEUE_URL: queueUrl,
      CERTIFICATE_DLQ_URL: queueUrl,
      RUNCLOUD_URL: runcloudUrl,
      ...outside,
    })
    .transform((env) => ({
      ...toEverywhere(env),
      secretPrefix: env.SECRET_PREFIX,
      certificateQueueUrl: env.CERTIFICATE_QUEUE_URL,
      certificateDlqUrl: env.CERTIFICATE_DLQ_URL,
      runcloudUrl: env.RUNCLOUD_URL,
      dnsServers: env.DNS_SERVERS,
      tlsProbePort: env.TLS_PROBE_PORT,
    })),
);

/** For the functions that answer reads, live ones among them. */
export const parseReadConfig = parser(
  z
    .object({
      ...everywhere,
      SECRET_PREFIX: required,
      RUNCLOUD_URL: runcloudUrl,
      ...outside,
    })
    .transform((env) => ({
      ...toEverywhere(env),
      secretPrefix: env.SECRET_PREFIX,
      runcloudUrl: env.RUNCLOUD_URL,
      dnsServers: env.DNS_SERVERS,
      tlsProbePort: env.TLS_PROBE_PORT,
    })),
);
