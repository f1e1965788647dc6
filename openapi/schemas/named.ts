import * as z from 'zod';
import type { JsonSchema } from '../annotated.ts';
import { check, connection } from './connection.ts';
import { certificate, domainPage, domainStatus, domainSummary, hosting, live, notSeen } from './domain.ts';
import { domainOutcome, pauseOutcome } from './outcomes.ts';
import { accepted, gatewayMessage, issues, problem } from './replies.ts';
import { errorCode, instant, lastError, wanted } from './values.ts';

/** Each schema that the document names, under its name there. */
const named: Readonly<Record<string, z.ZodType>> = {
  Accepted: accepted,
  Certificate: certificate,
  Check: check,
  Connection: connection,
  DomainOutcome: domainOutcome,
  DomainPage: domainPage,
  DomainStatus: domainStatus,
  DomainSummary: domainSummary,
  ErrorCode: errorCode,
  GatewayMessage: gatewayMessage,
  Hosting: hosting,
  Instant: instant,
  Issues: issues,
  LastError: lastError,
  Live: live,
  NotSeen: notSeen,
  PauseOutcome: pauseOutcome,
  Problem: problem,
  Wanted: wanted,
};

/** The schemas of answers, which refer to each other by `#/components/schemas/<name>`. */
export function namedSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]),
  );
}
