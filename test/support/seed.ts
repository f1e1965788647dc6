/**
 * A test run repeats its random choices the next time: a gate that fails now and then is not trusted.
 * `SEED=7 npm test` plays something else; `npm run simulate` and `npm run fuzz` search differently with every run.
 */
export const SEED = Number(process.env.SEED ?? 20_261_121);
