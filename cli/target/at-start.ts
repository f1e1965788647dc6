import type { Target } from './target.ts';

/** The label of a relay as the first words of a sentence. An address stays as it is. */
export function atStart({ label }: Pick<Target, 'label'>): string {
  return label.startsWith('http') ? label : `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}
