import { join } from 'node:path';

/**
 * Where processes that a test starts keep their code once types are stripped and it is compiled, which takes as long as
 * all the rest of a short one. Node takes from it only what was made from the very same source.
 */
export const compileCache = join(
  import.meta.dirname,
  '..',
  '..',
  'node_modules',
  '.cache',
  'runcloud-relay',
  'compiled',
);
