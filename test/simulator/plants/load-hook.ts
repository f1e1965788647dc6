import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { plants } from './all.ts';
import type { Edit } from './plant.ts';

/** Loaded before the simulator (`node --import`): the files of the plant that PLANT names are loaded with its fault. */
const chosen = plants.find(({ name }) => name === process.env.PLANT);
if (chosen === undefined) throw new Error(`There is no plant named ${process.env.PLANT}`);
const planted = new Map(
  Object.entries(chosen.edits).map(([file, edits]) => [
    new URL(`../../../${file}`, import.meta.url).href,
    edits,
  ]),
);

/** A plant that no longer fits the code must be planted again, or it proves nothing. */
const withFault = (source: string, url: string, edits: readonly Edit[]): string =>
  edits.reduce((text, { find, replace }) => {
    const parts = text.split(find);
    if (parts.length !== 2)
      throw new Error(`"${chosen.name}" fits ${parts.length - 1} places of ${url}, not one`);
    return parts.join(replace);
  }, source);

registerHooks({
  load: (url, context, nextLoad) => {
    const edits = planted.get(url);
    if (edits === undefined) return nextLoad(url, context);
    const source = withFault(readFileSync(fileURLToPath(url), 'utf8'), url, edits);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
