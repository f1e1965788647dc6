import { DOMAINS } from '../../chance/planned-updates.ts';
import { hostingOf, PROTECTED, START, type World } from '../world.ts';

type Protecting = Pick<World, 'scenario' | 'scheduler'>;

function beginsAt({ scenario }: Protecting): number {
  return START + (scenario.protects?.from ?? 0) * 1_000;
}

function ownDomain({ scenario }: Protecting): string | undefined {
  return scenario.protects === null ? undefined : DOMAINS[scenario.protects.domain];
}

/** What the secret protects at the moment. */
export function protectedDomains(world: Protecting): readonly string[] {
  const own = ownDomain(world);
  return own === undefined || world.scheduler.now() < beginsAt(world) ? [PROTECTED] : [PROTECTED, own];
}

/** Since when a name of the multisite is protected, as itself or for its `www.`, or as a `www.`; undefined: it is not. */
export function protectedSince(world: Protecting, name: string): number | undefined {
  const own = ownDomain(world);
  const meant = own !== undefined && [own, `www.${own}`].some((it) => it === name || it === `www.${name}`);
  return meant && world.scheduler.now() >= beginsAt(world) ? beginsAt(world) : undefined;
}

/**
 * A row that serves a protected `www.` keeps it, whatever is wanted of its own name. So does one of a RunCloud that holds
 * names twice: nothing shows that `www.` has a row of its own too.
 */
export function keepsWww(
  world: World,
  row: { readonly name: string; readonly www: boolean | undefined },
): boolean {
  const www = `www.${row.name}`;
  const twice = () =>
    world.scenario.duplicates && [...hostingOf(world).rows.values()].some(({ name }) => name === www);
  return row.www === true && (protectedSince(world, www) !== undefined || twice());
}
