import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handlerParts } from '../handler-parts.ts';
import type { GatewayFunction, GatewaySettings } from './messages.ts';

const folder = 'without-nulls';

const shim = ({ handler }: GatewayFunction): string => {
  const { path, name } = handlerParts(handler);
  return `
import { ${name} as own } from '../${path}.mjs';
const isThere = ([, value]) => value !== null;
export const handler = (event, context) => own(Object.fromEntries(Object.entries(event).filter(isThere)), context);
`;
};

/**
 * An HTTP API leaves out of its events what a request does not have; serverless-offline says null instead. So it
 * calls the functions that have routes through a few lines which leave that out.
 */
export const withoutNulls = async (settings: GatewaySettings): Promise<GatewaySettings> => {
  await mkdir(join(settings.codeDir, folder), { recursive: true });
  const functions = await Promise.all(
    Object.entries(settings.functions).map(async ([key, one]) => {
      if (one.events.length === 0) return [key, one] as const;
      await writeFile(join(settings.codeDir, folder, `${key}.mjs`), shim(one));
      return [key, { ...one, handler: `${folder}/${key}.handler` }] as const;
    }),
  );
  return { ...settings, functions: Object.fromEntries(functions) };
};
