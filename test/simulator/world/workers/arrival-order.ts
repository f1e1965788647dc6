/** The ids of the updates about each domain, in the order in which each of them reached the ledger first. */
export class ArrivalOrder {
  readonly #ids = new Map<string, string[]>();

  /** An update was written, or confirmed. A repeat changes nothing. */
  arrived(domain: string, id: string): void {
    const ids = this.#ids.get(domain) ?? [];
    if (!ids.includes(id)) this.#ids.set(domain, [...ids, id]);
  }

  of(domain: string): readonly string[] {
    return this.#ids.get(domain) ?? [];
  }
}
