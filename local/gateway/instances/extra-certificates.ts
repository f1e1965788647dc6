import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/**
 * What Node does with NODE_EXTRA_CA_CERTS when a process starts, done for a thread: on Lambda every function is a process
 * with its own environment, here it is a thread with one. Loaded before the function.
 */
const file = process.env.NODE_EXTRA_CA_CERTS;
if (file !== undefined && file !== '') {
  try {
    const certificates = readFileSync(file, 'utf8').match(
      /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs,
    );
    setDefaultCACertificates([...getCACertificates('default'), ...(certificates ?? [])]);
  } catch (error) {
    // As Node itself: it warns about the file, and the functions run on without it.
    process.emitWarning(`Ignoring extra certs from ${file}: ${String(error)}`);
  }
}
