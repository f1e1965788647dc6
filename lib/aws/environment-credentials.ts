import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's `@aws-sdk/credential-provider-node` in a bundle (`alias` in serverless.yml): reads the
 * credentials that Lambda sets, and no profile.
 */
export function defaultProvider() {
  return fromEnv();
}
