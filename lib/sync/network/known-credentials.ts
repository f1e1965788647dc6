const MOST_NETWORKS = 1_000;

/**
 * Which credential each network had in this worker's last pass, by its fingerprint. A pass may then read the credential's rate limit
 * together with the network. A credential that has changed since costs one more read.
 */
export class KnownCredentials {
  readonly #fingerprints = new Map<string, string>();

  of(network: string): string | undefined {
    return this.#fingerprints.get(network);
  }

  note(network: string, fingerprint: string): void {
    this.#fingerprints.delete(network);
    this.#fingerprints.set(network, fingerprint);
    const [oldest] = this.#fingerprints.keys();
    if (this.#fingerprints.size > MOST_NETWORKS && oldest !== undefined) this.#fingerprints.delete(oldest);
  }
}
