import type { Scenario } from '../../scenario.ts';

type Update = Scenario['updates'][number];

function once(domain: number, wanted: Update['wanted'], saidAt: number): Update {
  return { domain, wanted, www: false, saidAt, fast: 0, deliveries: [0] };
}

/** An addition without `www.`, delivered once and at once. `domain`: its place among the domains; `saidAt`: seconds. */
export function addition(domain: number, saidAt: number): Update {
  return once(domain, 'present', saidAt);
}

/** A removal, delivered once and at once. */
export function removal(domain: number, saidAt: number): Update {
  return once(domain, 'absent', saidAt);
}
