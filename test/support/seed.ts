/**
 * What a test run plays by chance, it plays again the next time: a gate that fails now and then is believed by nobody.
 * `SEED=7 npm test` plays something else; `npm run simulate` and `npm run fuzz` search anew with every run.
 */
export const SEED = Number(process.env.SEED ?? 20_261_121);
