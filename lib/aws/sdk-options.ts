export interface SdkSettings {
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly maxAttempts?: number;
  /** Default: `AWS_ENDPOINT_URL…` from the environment, otherwise AWS itself. */
  readonly endpoint?: string;
}

/**
 * Options for every AWS client. With the SDK's own limits an API handler would hang until the gateway gives up, instead
 * of answering 503 in time. Region and credentials come from the environment (`AWS_…`).
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
      // Without it the SDK only warns about a slow request.
      throwOnRequestTimeout: true,
    },
  };
}
