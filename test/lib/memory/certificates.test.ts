import { memoryCertificates } from '../../../lib/memory/certificates.ts';
import { certificatesContract } from '../../contracts/certificates.contract.ts';

certificatesContract('in memory', async (mode) => ({
  certificates: memoryCertificates({ mode }),
  close: async () => undefined,
}));
