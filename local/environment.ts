import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from './fault.ts';
import { parseFaults } from './runcloud/http/parse-faults.ts';
import { projectDir } from './service.ts';

const seconds = z.coerce.number('must be a number of seconds').positive('must be above 0');

const environmentSchema = z.object({
  PORT: z.coerce
    .number('must be a port')
    .int('must be a port')
    .min(0)
    .max(65_535, 'must be a port')
    .default(3000),
  RUNCLOUD_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  SECRETS_FILE: z.string().default(join(projectDir, 'local', 'secrets.json')),
  DEMO: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  RETRY_BASE_SECONDS: seconds.default(1),
  CERTIFICATE_RETRY_BASE_SECONDS: seconds.default(1),
  RUNCLOUD_FAULTS: z.string().optional(),
  // As RunCloud would let a bigger account; at its usual 60 the demo would mostly wait.
  RUNCLOUD_CALLS_PER_MINUTE: z.coerce
    .number('must be a number of calls')
    .int('must be a number of calls')
    .positive('must be above 0')
    .default(600),
  STATE_DIR: z.string().optional(),
});

/** Handed to the functions as they are, where they are set. */
const passedOn = ['DNS_SERVERS', 'TLS_PROBE_PORT', 'NODE_EXTRA_CA_CERTS', 'LOG_LEVEL'] as const;

/** The settings from the environment and the command line. A fault in them is one line. */
export function readEnvironment(env: NodeJS.ProcessEnv, args: readonly string[]) {
  const unknown = args.find((arg) => arg !== '--once');
  if (unknown !== undefined) throw new Fault(`Unknown option ${unknown}: there is --once`);
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new Fault(faults.join('; '));
  }
  const { data } = parsed;
  return {
    once: args.includes('--once'),
    port: data.PORT,
    runcloudUrl: data.RUNCLOUD_URL,
    secretsFile: data.SECRETS_FILE,
    stateDir: data.STATE_DIR,
    // --once is the demo and its result; it has nothing to do without.
    demo: data.DEMO === 'on' || args.includes('--once'),
    retryBaseSeconds: data.RETRY_BASE_SECONDS,
    certificateRetryBaseSeconds: data.CERTIFICATE_RETRY_BASE_SECONDS,
    callsPerMinute: data.RUNCLOUD_CALLS_PER_MINUTE,
    runcloudFaults: parseFaults(data.RUNCLOUD_FAULTS),
    showsLog: set.LOG_LEVEL !== undefined,
    passedOn: Object.fromEntries(
      passedOn.flatMap((name) => {
        const value = set[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

export type StackEnvironment = ReturnType<typeof readEnvironment>;
