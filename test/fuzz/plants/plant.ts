import type { Api } from '../world.ts';

/** An API handler with a fault: the search must find it, or it proves nothing. */
export interface Plant {
  readonly name: string;
  /** What the search must say of it: that anything is wrong would prove little. */
  readonly breaks: RegExp;
  readonly planted: (api: Api) => Api;
}
