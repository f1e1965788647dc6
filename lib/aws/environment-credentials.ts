import { fromEnv } from '@aws-sdk/credential-provider-env';
/** x */
export const defaultProvider = () => fromEnv();
