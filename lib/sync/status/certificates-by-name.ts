import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { Ledger } from '../ledger/ports.ts';

type Read = CertificateItem | 'unreadable';

/** The certificates of a network in the order of their names, page by page as they are asked for. */
export class CertificatesByName {
  readonly #ledger: Pick<Ledger, 'page'>;
  readonly #network: string;
  readonly #rows: number;
  #read = new Map<string, Read>();
  /** All names up to this one have been read; undefined: all names. */
  #upTo: string | undefined;

  /** `after`: no name up to this one will be asked for. */
  constructor(ledger: Pick<Ledger, 'page'>, network: string, after: string | undefined, rows: number) {
    this.#ledger = ledger;
    this.#network = network;
    this.#rows = rows;
    this.#upTo = after ?? '';
  }

  /** Names must be asked for in their order. */
  async of(domain: string): Promise<Read | undefined> {
    while (this.#upTo !== undefined && this.#upTo < domain) await this.#readPage(this.#upTo);
    return this.#read.get(domain);
  }

  async #readPage(after: string): Promise<void> {
    const cursor = after === '' ? undefined : after;
    const page = await this.#ledger.page('certificate', this.#network, cursor, this.#rows);
    this.#read = new Map<string, Read>([
      ...page.items.map((item): [string, Read] => [item.domain, item]),
      ...page.unreadable.map(({ domain }): [string, Read] => [domain, 'unreadable']),
    ]);
    this.#upTo = page.cursor;
  }
}
