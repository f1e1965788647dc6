import { type App, allApps, type Domain, namesOf, type Ssl, type World } from '../state/state.ts';

function wildcardOf(name: string) {
  return `*${name.slice(name.indexOf('.'))}`;
}

function serves(domain: Domain, name: string): boolean {
  return namesOf(domain).includes(name) || (domain.wildcard && wildcardOf(name) === `*.${domain.name}`);
}

function covers({ names }: Ssl, name: string): boolean {
  return names.includes(name) || names.includes(wildcardOf(name));
}

function shownBy(app: App, domain: Domain, name: string): Ssl | null {
  if (app.mode.advancedSSL || app.mode.autoSSL) return domain.ssl;
  return app.ssl !== null && covers(app.ssl, name) ? app.ssl : null;
}

/**
 * What a visitor of that name is shown now: in basic mode the application's certificate where it covers the name, in
 * advanced mode the domain's, whatever names it is for. Undefined: the server's default.
 */
export function installedFor(world: World, name: string): Ssl | undefined {
  return allApps(world)
    .flatMap((app) =>
      app.domains.filter((domain) => serves(domain, name)).map((domain) => shownBy(app, domain, name)),
    )
    .find((ssl) => ssl !== null);
}
