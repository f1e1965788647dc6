import { createRequire } from 'node:module';
import { closeIterators } from './closed-iterators.ts';
import { showRefusedItems } from './refused-item.ts';

interface MemoryLevelModule {
  MemoryLevel: new (options: object) => object;
}

/**
 * Lets dynalite's store keep texts. By default each key and each value is a buffer: of its own it takes 330 bytes more
 * than what is in it, and one of Node's pool keeps 8 KiB of that pool.
 */
function storeTexts(): void {
  const { resolve } = createRequire(import.meta.url);
  const memoryLevel: MemoryLevelModule = createRequire(resolve('dynalite'))('memory-level');
  const { MemoryLevel } = memoryLevel;
  memoryLevel.MemoryLevel = class extends MemoryLevel {
    constructor(options: object) {
      super({ ...options, storeEncoding: 'utf8' });
    }
  };
}

async function load() {
  // dynalite takes its store's class when it is loaded.
  storeTexts();
  const [{ default: dynalite }, { default: db }, { default: putItem }] = await Promise.all([
    import('dynalite'),
    import('dynalite/db/index.js'),
    import('dynalite/validations/putItem.js'),
  ]);
  closeIterators(db);
  showRefusedItems(db, putItem);
  return dynalite;
}

let loading: ReturnType<typeof load> | undefined;

/** dynalite with what it lacks here: it answers as DynamoDB where it did not, and its store forgets what nothing needs. */
export function loadDynalite(): ReturnType<typeof load> {
  loading ??= load();
  return loading;
}
