import fc from 'fast-check';
import { SEED } from './seed.ts';

// A property that names no seed of its own repeats its choices too: else a gate fails now and then, and a mutant that was
// killed today lives tomorrow.
fc.configureGlobal({ seed: SEED });

export { fc };
