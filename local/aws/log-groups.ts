import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { addressOf } from '../address-of.ts';

/** About a thousand events; the oldest lines go first. */
const MOST_LINES = 10_000;
/** As AWS gives at most in one answer. */
const MOST_EVENTS = 10_000;

const lineSchema = z.looseObject({ function_name: z.string(), timestamp: z.iso.datetime() });

const operationSchema = z.object({
  logGroupNamePrefix: z.string().default(''),
  logGroupName: z.string().default(''),
  startTime: z.number().default(0),
  filterPattern: z.string().default(''),
});

type Operation = z.output<typeof operationSchema>;

interface Line {
  readonly group: string;
  readonly timestamp: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogGroups {
  readonly endpoint: string;
  /** Keeps a line that a function wrote; lines of anything else are never shown. */
  write(line: string): void;
  close(): Promise<void>;
}

function parsedLine(text: string): Line | undefined {
  try {
    const fields = lineSchema.parse(JSON.parse(text));
    const group = `/aws/lambda/${fields.function_name}`;
    return { group, timestamp: Date.parse(fields.timestamp), message: text, fields };
  } catch {
    return undefined;
  }
}

/** Of CloudWatch's filter patterns, texts of fields that are joined by "or": `{ ($.a = "b") || ($.c = "d") }`. */
function fits(fields: Line['fields'], pattern: string): boolean {
  if (pattern === '') return true;
  const terms = [...pattern.matchAll(/\$\.(\w+) = "([^"]*)"/g)];
  return terms.some(([, name = '', value]) => fields[name] === value);
}

/** CloudWatch Logs' protocol (AWS JSON 1.1), as much of it as finds lines, on 127.0.0.1. */
export async function startLogGroups(): Promise<LogGroups> {
  // As text: parsed lines take four times the memory, and few are ever asked for.
  const kept: string[] = [];
  const linesOf = () => kept.flatMap((text) => parsedLine(text) ?? []);
  const operations: Readonly<Record<string, (asked: Operation) => object>> = {
    DescribeLogGroups: ({ logGroupNamePrefix }) => {
      const names = new Set(
        linesOf()
          .map(({ group }) => group)
          .filter((name) => name.startsWith(logGroupNamePrefix)),
      );
      return { logGroups: [...names].map((logGroupName) => ({ logGroupName })) };
    },
    FilterLogEvents: ({ logGroupName, startTime, filterPattern }) => {
      const found = linesOf().filter(
        ({ group, timestamp, fields }) =>
          group === logGroupName && timestamp >= startTime && fits(fields, filterPattern),
      );
      return { events: found.slice(-MOST_EVENTS).map(({ timestamp, message }) => ({ timestamp, message })) };
    },
  };
  const server = createServer(async (request, response) => {
    const [, name = ''] = String(request.headers['x-amz-target']).split('.');
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    try {
      const asked = operationSchema.parse(JSON.parse(await text(request)));
      const answer = operations[name]?.(asked);
      if (answer === undefined) response.writeHead(400).end('{"__type":"UnknownOperationException"}');
      else response.end(JSON.stringify(answer));
    } catch {
      response.writeHead(400).end('{"__type":"InvalidParameterException"}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: addressOf(server),
    write: (text) => {
      kept.push(text);
      if (kept.length > MOST_LINES) kept.shift();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
