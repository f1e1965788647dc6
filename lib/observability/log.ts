import type { EmbeddedMetric } from './embedded-metric.ts';
import { errorFacts } from './error-facts.ts';
import type { LogMessage } from './log-messages.ts';

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
export type LogLevel = (typeof logLevels)[number];

const textFields = [
  'network',
  'domain',
  'webhookId',
  'routeKey',
  'status',
  'outcome',
  'state',
  'code',
  'reason',
  'what',
  'item',
  'action',
  'owner',
] as const;
const numberFields = [
  'httpStatus',
  'revision',
  'attempts',
  'receives',
  'count',
  'missing',
  'unwanted',
  'unknown',
  'durationMs',
  'waitMs',
] as const;

/** What the runtime knows of a call, under the names of Powertools for AWS Lambda. */
const callFields = ['cold_start', 'function_name', 'function_request_id', 'xray_trace_id'] as const;

/** Every field that a line may hold, for the tests of the saved queries. */
export const lineFields: readonly string[] = [
  'level',
  'message',
  'timestamp',
  'service',
  ...callFields,
  ...textFields,
  ...numberFields,
  'error',
];

type TextField = (typeof textFields)[number];
type NumberField = (typeof numberFields)[number];

/** Every field that a line may hold besides its message. A field that is not listed is never written. */
type LogFields = { readonly [F in TextField]?: string | null | undefined } & {
  readonly [F in NumberField]?: number | null | undefined;
} & { readonly error?: unknown };

/** The fields that identify one call of a function in its lines. */
export interface CallContext {
  readonly cold_start?: boolean;
  readonly function_name?: string;
  readonly function_request_id?: string;
  readonly xray_trace_id?: string;
}

/**
 * A line may count what it tells. The metric gets a line of its own where the level of the line is not written, and where the
 * line says another outcome.
 */
type Write = (message: LogMessage, fields?: LogFields, metric?: EmbeddedMetric) => void;

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** The same log, for one call of a function. */
  during(call: CallContext): Log;
}

export interface LogSettings {
  readonly service: string;
  readonly level: LogLevel;
  /** Receives one line, without its line break. */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
  readonly call?: CallContext;
}

/** `console` would prefix each line with the runtime's own text. */
export function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}

const listedFields = [...textFields, ...numberFields];

/** A loop, because each line that a customer waits for is written so. */
function listed(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const name of listedFields) {
    const value = fields[name];
    if (typeof value === 'string' || typeof value === 'number') line[name] = value;
  }
  if (fields.error !== undefined) line.error = errorFacts(fields.error);
  return line;
}

/** One line tells both, unless they name different outcomes. */
function sayTheSame({ outcome }: LogFields, metric: EmbeddedMetric | undefined): boolean {
  return typeof outcome !== 'string' || metric?.outcome === undefined || metric.outcome === outcome;
}

/** One JSON line per fact, in the shape of Powertools for AWS Lambda (docs/decisions/0002). */
export function createLog(settings: LogSettings): Log {
  const { service, level, write = toStandardOutput, now = Date.now, call = {} } = settings;
  const lowest = logLevels.indexOf(level);
  const context = Object.fromEntries(callFields.map((name) => [name, call[name]]));

  const at =
    (lineLevel: Exclude<LogLevel, 'SILENT'>): Write =>
    (message, fields = {}, metric) => {
      const isWritten = logLevels.indexOf(lineLevel) >= lowest;
      const isOne = isWritten && sayTheSame(fields, metric);
      if (isWritten) {
        const timestamp = new Date(now()).toISOString();
        const line = { level: lineLevel, message, timestamp, service, ...context, ...listed(fields) };
        write(JSON.stringify(isOne ? { ...line, ...metric } : line));
      }
      if (!isOne && metric !== undefined) write(JSON.stringify(metric));
    };

  return {
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    during: (next) => createLog({ ...settings, call: next }),
  };
}
