/** The clock of a worker that reads a lease may be fast. */
export const CLOCKS_AGREE_MS = 5_000;
