// Writes docs/openapi.json.
import { writeFile } from 'node:fs/promises';
import { document } from './document.ts';

const file = new URL('../docs/openapi.json', import.meta.url);
await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
