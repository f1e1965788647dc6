/**
 * The limits in time of a client that talks to a server of a test. What is slow on a busy machine would be asked for again,
 * and counted twice.
 */
export const patient = { connectionTimeoutMs: 60_000, requestTimeoutMs: 60_000 };
