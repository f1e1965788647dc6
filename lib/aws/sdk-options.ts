export interface SdkSettings {
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly maxAttempts?: number;
  /** Without it the SDK takes `AWS_ENDPOINT_URL…` from the environment, else AWS itself. */
  readonly endpoint?: string;
}

/**
 * Options every AWS client of ours shares. The SDK's own limits would let an API handler hang until the gateway gives up on
 * it, instead of answering 503 in time. Region and credentials come from the environment (`AWS_…`).
 */
export function sdkOptions({
  connectionTimeoutMs = 1_000,
  requestTimeoutMs = 3_000,
  maxAttempts = 3,
  endpoint,
}: SdkSettings = {}) {
  return {
    maxAttempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it a request that is too slow is only warned about.
      throwOnRequestTimeout: true,
    },
  };
}
