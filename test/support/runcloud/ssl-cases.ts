import type { Shown } from '../flow/flow-certificates.ts';
import type { SslMode } from './place-network.ts';

/** What a domain meets that arrives at a web application: its SSL mode, and what visitors are shown already. */
export interface SslCase {
  readonly mode: SslMode;
  readonly had: Shown;
}

const modes = ['basic', 'advanced', 'autossl'] as const satisfies readonly SslMode[];
const shown = ['none', 'valid', 'expired', 'wrong-name'] as const satisfies readonly Shown[];

/** Every mode with everything that may be shown in it. */
export const sslCases: readonly SslCase[] = modes.flatMap((mode) => shown.map((had) => ({ mode, had })));

/** In RunCloud's own terms: what it is asked for, once. Nothing where all is well, or where RunCloud orders by itself. */
export function usualWrites({ mode, had }: SslCase): string[] {
  if (mode === 'autossl' || had === 'valid') return [];
  const place = mode === 'basic' ? '/ssl' : '/domains/:id/ssl';
  return [had === 'none' ? `POST ${place}` : `PUT ${place}/:id`];
}

/** AutoSSL leaves alone what is installed already, whatever it is worth. */
export function isLeftToOperators({ mode, had }: SslCase): boolean {
  return mode === 'autossl' && (had === 'expired' || had === 'wrong-name');
}
