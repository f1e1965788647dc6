import Sequencer from '@jest/test-sequencer';
import { longFiles } from './long-files.ts';

function rank({ path }) {
  const found = longFiles.findIndex((part) => path.includes(part));
  return found === -1 ? longFiles.length : found;
}

export default class LongFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
