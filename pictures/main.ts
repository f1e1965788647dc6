import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawings } from './all.ts';

/** `npm run pictures`: draws the pictures of the pages anew. */
const images = join(import.meta.dirname, '..', 'docs', 'images');
for (const [name, draw] of Object.entries(drawings)) await writeFile(join(images, name), draw());
