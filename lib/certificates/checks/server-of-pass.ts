import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { type Interruption, isInterruption } from '../interruption.ts';
import type { CertificateServices } from '../services.ts';
import { type CheckResult, checkCertificate } from './check-certificate.ts';
import type { CheckTerms, ServerContext } from './check-terms.ts';

/** The server that all requests of a pass are checked against. It may have moved since its address was read. */
export class ServerOfPass {
  #current: ServerContext;
  readonly #moved: () => Promise<ServerContext | undefined>;
  #asked: Promise<void> | undefined;

  constructor(current: ServerContext, moved: () => Promise<ServerContext | undefined>) {
    this.#current = current;
    this.#moved = moved;
  }

  get current(): ServerContext {
    return this.#current;
  }

  /** Looks once in the pass whether it has moved. `onInterruption` receives what kept the relay from asking RunCloud. */
  look(onInterruption: (interruption: Interruption) => void): Promise<void> {
    this.#asked ??= this.#look(onInterruption);
    return this.#asked;
  }

  async #look(onInterruption: (interruption: Interruption) => void): Promise<void> {
    try {
      this.#current = (await this.#moved()) ?? this.#current;
    } catch (error) {
      if (!isInterruption(error)) throw error;
      onInterruption(error);
    }
  }
}

function leadsElsewhere(found: CheckResult): boolean {
  if (found.kind !== 'ended' || found.result.kind !== 'waiting-dns') return false;
  return found.result.reason === 'dns-mismatch' || found.result.reason === 'dns-ipv6';
}

/** Checks one request, once more where its name leads to the address that the server has now. */
export async function checkAtServer(
  item: CertificateItem,
  server: ServerOfPass,
  terms: CheckTerms,
  s: CertificateServices,
): Promise<CheckResult> {
  const before = server.current;
  const found = await checkCertificate(item, before, terms, s);
  if (!leadsElsewhere(found)) return found;
  await server.look(terms.onInterruption);
  return server.current === before ? found : checkCertificate(item, server.current, terms, s);
}
