import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Plant, plants } from './plants.ts';

/** Loaded before the simulator (`node --import`): the file of the plant that PLANT names is loaded with its fault. */
const chosen = plants.find(({ name }) => name === process.env.PLANT);
if (chosen === undefined) throw new Error(`There is no plant named ${process.env.PLANT}`);
const planted = new URL(`../../${chosen.file}`, import.meta.url).href;

/** A plant that no longer fits the code has to be planted anew, or it would prove nothing. */
const withFault = (source: string, { name, file, edits }: Plant): string =>
  edits.reduce((text, { find, replace }) => {
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`"${name}" fits ${parts.length - 1} places of ${file}, not one`);
    return parts.join(replace);
  }, source);

registerHooks({
  load: (url, context, nextLoad) => {
    if (url !== planted) return nextLoad(url, context);
    const source = withFault(readFileSync(fileURLToPath(url), 'utf8'), chosen);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
