import type { DueWork } from '../ledger/ports.ts';

/** What one turn sends messages for, and whether nothing else of its kind is due. */
export interface Turn {
  readonly works: readonly DueWork[];
  readonly isLast: boolean;
}

/** What a sweep has handled of the rows of one index. */
export class Handled {
  readonly #ask: (until: number, limit: number) => Promise<readonly DueWork[]>;
  readonly #names = new Set<string>();
  /** The index lags, so it may show handled works again: how many it showed last. */
  #shownAgain = 0;

  constructor(ask: (until: number, limit: number) => Promise<readonly DueWork[]>) {
    this.#ask = ask;
  }

  /** The next works, at most so many. */
  async next(until: number, limit: number): Promise<Turn> {
    for (;;) {
      const most = limit + this.#shownAgain;
      const page = await this.#ask(until, most);
      const others = page.filter(({ network, item }) => !this.#names.has(`${network}/${item}`));
      this.#shownAgain = page.length - others.length;
      const works = others.slice(0, limit);
      for (const { network, item } of works) this.#names.add(`${network}/${item}`);
      const isLast = page.length < most;
      if (works.length > 0 || isLast) return { works, isLast };
    }
  }
}
