import { flagIn, oneOf } from '../http/input.ts';
import { listing } from '../http/listing.ts';
import { empty, invalid, json, message, ok, type Reply } from '../http/replies.ts';
import type { AppVisit, DomainVisit, Visit } from '../http/visit.ts';
import { newDomain } from '../state/seed.ts';
import { allApps, type Domain, type World } from '../state/state.ts';
import { domainInput } from './domain-input.ts';
import { domainView } from './domain-view.ts';

export function listDomains({ app, query, world }: AppVisit): Reply {
  return listing(app.domains, (domain) => domainView(domain, world.switches), query, world.switches);
}

export function readDomain({ domain, world }: DomainVisit): Reply {
  return ok(domainView(domain, world.switches));
}

/** What a creation and a deletion show. */
function shown(domain: Domain, world: World): Reply {
  const status = world.switches.domainSuccess;
  return status === 204 ? empty(204) : json(status, domainView(domain, world.switches));
}

function takenBy({ world, server, app }: AppVisit): Domain[] {
  switch (world.switches.namesAreUniqueIn) {
    case 'app':
      return app.domains;
    case 'server':
      return server.apps.flatMap(({ domains }) => domains);
    case 'everywhere':
      return allApps(world).flatMap(({ domains }) => domains);
  }
}

/** Whether one of those names already belongs to another application. */
function isTaken(visit: AppVisit, names: readonly string[], except?: Domain): boolean {
  const { servedWwwIsTaken } = visit.world.switches;
  // Of thousands of domains, so it makes nothing for each.
  return takenBy(visit).some(
    (domain) =>
      domain !== except &&
      (names.includes(domain.name) ||
        (servedWwwIsTaken && domain.www && names.includes(`www.${domain.name}`))),
  );
}

/** Undefined: a name may have any number of rows. */
function refusalOfDuplicate({ world }: AppVisit): Reply | undefined {
  const text = 'The name has already been taken.';
  switch (world.switches.duplicateName) {
    case '422':
      return invalid({ name: text });
    case '409':
      return message(409, text);
    case '422-without-errors':
      return message(422, text);
    case '200-with-message':
      return message(200, text);
    case 'accepted':
      return undefined;
  }
}

export function addDomain(visit: AppVisit): Reply {
  const { world, app, input } = visit;
  const parsed = domainInput(input);
  if ('errors' in parsed) return invalid(parsed.errors);
  const { name, type, www, redirection } = parsed;
  const names = world.switches.servedWwwIsTaken && www ? [name, `www.${name}`] : [name];
  const refusal = isTaken(visit, names) ? refusalOfDuplicate(visit) : undefined;
  if (refusal !== undefined) return refusal;
  if (type === 'primary') demotePrimary(app.domains);
  const domain = newDomain({ name, type, www }, { now: world.clock.now(), nextId: world.nextId });
  domain.redirection = redirection;
  app.domains.push(domain);
  return shown(domain, world);
}

function demotePrimary(domains: readonly Domain[]): void {
  for (const domain of domains) if (domain.type === 'primary') domain.type = 'alias';
}

function absentFrom({ api, world }: Visit): boolean {
  return api === 'v2' && !world.switches.metaOnV2;
}

export function patchMeta(visit: DomainVisit): Reply {
  const { world, app, domain, input } = visit;
  if (absentFrom(visit)) return message(404, 'Not Found');
  const type = oneOf(['alias', 'primary', 'redirect'], input.type ?? domain.type);
  const redirection = oneOf(['none', 'www', 'non-www'], input.redirection ?? domain.redirection);
  const www = flagIn(input.www ?? domain.www);
  if (type === undefined) return invalid({ type: 'The selected type is invalid.' });
  if (redirection === undefined) return invalid({ redirection: 'The selected redirection is invalid.' });
  if (www === undefined) return invalid({ www: 'The www field must be true or false.' });
  if (domain.type === 'primary' && type !== 'primary') {
    return message(422, 'The primary domain cannot be changed to another type.');
  }
  const servesMore = www && !domain.www && world.switches.servedWwwIsTaken;
  const taken = servesMore && isTaken(visit, [`www.${domain.name}`], domain);
  const refusal = taken ? refusalOfDuplicate(visit) : undefined;
  if (refusal !== undefined) return refusal;
  if (type === 'primary') demotePrimary(app.domains);
  Object.assign(domain, { type, redirection, www });
  return message(200, 'Updated.');
}

/** A CNAME for `www` is shown even where `www` is not served. */
export function readDns(visit: DomainVisit): Reply {
  return absentFrom(visit)
    ? message(404, 'Not Found')
    : ok([
        { type: 'A', hostname: visit.domain.name, content: visit.server.ipAddress },
        { type: 'CNAME', hostname: `www.${visit.domain.name}`, content: visit.domain.name },
      ]);
}

export function deleteDomain({ world, app, domain }: DomainVisit): Reply {
  const { deletePrimary } = world.switches;
  if (domain.type === 'primary' && deletePrimary !== 200) {
    return message(deletePrimary, 'The primary domain cannot be deleted.');
  }
  app.domains.splice(app.domains.indexOf(domain), 1);
  return shown(domain, world);
}
