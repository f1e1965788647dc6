import { expect, test } from '@jest/globals';
import { certificateOrigin } from '../../../lib/runcloud/certificate-origin.ts';
import { sslSchema } from '../../../lib/runcloud/schemas.ts';

test.each([
  [{ method: 'letsencrypt', authorizationMethod: 'http-01', staging: false }, 'http-01'],
  [{ provider: 'letsencrypt', authorizationMethod: 'http-01', environment: 'live' }, 'http-01'],
  [{ method: "Let's Encrypt", authorizationMethod: 'HTTP_01', staging: 0 }, 'http-01'],
  [{ authorizationMethod: 'http-01' }, 'http-01'],
  [{ method: 'letsencrypt', authorizationMethod: 'dns-01' }, 'dns-01'],
  [{ method: 'letsencrypt', authorizationMethod: 'dns-01', staging: true }, 'staging'],
  [{ method: 'letsencrypt', authorizationMethod: 'http-01', staging: 1 }, 'staging'],
  [{ provider: 'letsencrypt', environment: 'staging' }, 'staging'],
  [{ method: 'custom', authorizationMethod: null, staging: false }, 'uploaded'],
  [{ method: 'csr' }, 'uploaded'],
  [{ provider: 'custom' }, 'uploaded'],
  [{ method: 'zerossl', authorizationMethod: 'http-01' }, 'uploaded'],
  [{ method: 'letsencrypt' }, 'unknown'],
  [{ method: null, provider: 7, staging: 'perhaps' }, 'unknown'],
  [{}, 'unknown'],
])('%j is %s', (answer, origin) => {
  expect(certificateOrigin(sslSchema.parse({ id: 1, ...answer }))).toBe(origin);
});
