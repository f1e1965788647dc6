declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: { createTableMs?: number; path?: string }): Server;
}

/** Its store, and what refuses a conditional write. */
declare module 'dynalite/db/index.js' {
  import type { Readable } from 'node:stream';

  type Refusal = Error & { body?: Record<string, unknown> };

  interface StoreIterator {
    next(): Promise<unknown>;
    close(): Promise<void>;
  }
  type OpenIterator = (range?: object) => StoreIterator;

  interface Store {
    readonly db: {
      readonly supports: { readonly encodings: object };
      keys: OpenIterator;
      values: OpenIterator;
      put(key: string, value: unknown): Promise<void>;
      createValueStream(range?: object): Readable;
    };
  }

  const db: {
    create: (options?: object) => Store;
    checkConditional: (
      call: Record<string, unknown>,
      existing: object | undefined,
    ) => Refusal | null | undefined;
  };
  export default db;
}

/** The parameters that dynalite reads of a call. */
declare module 'dynalite/validations/putItem.js' {
  const putItem: { types: Record<string, unknown> };
  export default putItem;
}
