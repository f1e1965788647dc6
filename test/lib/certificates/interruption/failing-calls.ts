import { certificateWorld } from '../../../support/certificates/certificate-world.ts';

export const post = { method: 'POST', path: '/ssl' };
export const get = { method: 'GET', path: '/ssl' };

/** A world whose RunCloud fails these calls, until a test ends that. */
export function failingOn(op: string, error: () => Error) {
  const interruption: { error: (() => Error) | undefined } = { error };
  const world = certificateWorld({
    onCall: async (call) => {
      if (call.op === op && interruption.error !== undefined) throw interruption.error();
    },
  });
  return { world, interruption };
}

/** What became of each order. */
export function outcomes(world: ReturnType<typeof certificateWorld>) {
  return world.facts.flatMap((fact) => (fact.kind === 'ordered' ? [fact.outcome] : []));
}
