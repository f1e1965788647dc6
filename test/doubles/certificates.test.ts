import { certificatesContract } from '../contracts/certificates.contract.ts';
import { memoryCertificates } from './certificates.ts';

certificatesContract('in memory', async (mode) => ({
  certificates: memoryCertificates({ mode }),
  close: async () => undefined,
}));
