import { z } from 'zod';

const lineSchema = z.looseObject({ level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']) });

function parsed(line: string) {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * Which of the lines written beside the functions are worth a reader: our own log, all of it where LOG_LEVEL is set,
 * otherwise what went wrong. Everything else there (serverless-offline's own lines) is left out.
 */
export function isWorthShowing(line: string, showsLog: boolean): boolean {
  const { level } = parsed(line) ?? {};
  return level !== undefined && (showsLog || level === 'WARN' || level === 'ERROR');
}
