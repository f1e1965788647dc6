import { flagIn, oneOf } from '../http/input.ts';
import type { Ssl } from '../state/state.ts';

export type SslSettings = Pick<
  Ssl,
  'method' | 'enableHttp' | 'enableHsts' | 'protocolId' | 'authorizationMethod' | 'staging'
>;

function given(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** What a certificate is asked to be, or what is wrong with the asking. */
export function sslInput(
  input: Readonly<Record<string, unknown>>,
): SslSettings | { readonly errors: Record<string, string> } {
  const method = oneOf(['letsencrypt', 'custom', 'csr'], input.provider);
  const enableHttp = flagIn(input.enableHttp);
  const enableHsts = flagIn(input.enableHsts);
  const environment = oneOf(['live', 'staging'], input.environment);
  const authorizationMethod = oneOf(['http-01', 'dns-01'], input.authorizationMethod);
  const protocolId = [1, 2, 3].find((id) => id === (input.ssl_protocol_id ?? 2));
  const errors: Record<string, string> = {};
  if (method === undefined) errors.provider = 'The selected provider is invalid.';
  if (enableHttp === undefined) errors.enableHttp = 'The enable http field is required.';
  if (enableHsts === undefined) errors.enableHsts = 'The enable hsts field is required.';
  if (protocolId === undefined) errors.ssl_protocol_id = 'The selected ssl protocol id is invalid.';
  if (method === 'letsencrypt') {
    if (environment === undefined) errors.environment = 'The selected environment is invalid.';
    if (authorizationMethod === undefined) {
      errors.authorizationMethod = 'The selected authorization method is invalid.';
    }
    if (authorizationMethod === 'dns-01' && !Number.isInteger(input.externalApi)) {
      errors.externalApi = 'The external api field is required.';
    }
  }
  if (method === 'custom') {
    for (const field of ['privateKey', 'certificate']) {
      if (!given(input[field])) errors[field] = `The ${field} field is required.`;
    }
  }
  const faulty = Object.keys(errors).length > 0;
  if (faulty || !method || enableHttp === undefined || enableHsts === undefined || !protocolId) {
    return { errors };
  }
  return {
    method,
    enableHttp,
    enableHsts,
    protocolId,
    authorizationMethod: authorizationMethod ?? null,
    staging: environment === 'staging',
  };
}
