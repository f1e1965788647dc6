declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: { createTableMs?: number; path?: string }): Server;
}

/** What refuses a conditional write. */
declare module 'dynalite/db/index.js' {
  type Refusal = Error & { body?: Record<string, unknown> };

  const db: {
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
