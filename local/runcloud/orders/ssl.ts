import { flagIn } from '../http/input.ts';
import { invalid, json, message, ok, type Reply } from '../http/replies.ts';
import type { Visit } from '../http/visit.ts';
import type { App, Server, Ssl, SslHolder } from '../state/state.ts';
import { placeOrder } from './orders.ts';
import { sslInput } from './ssl-input.ts';
import { sslView } from './ssl-view.ts';

/** A certificate's owner within one call, and what differs between an application's and a domain's. */
export interface SslPlace {
  readonly visit: Visit;
  readonly holder: SslHolder;
  /** Where its names must lead. */
  readonly server: Server;
  readonly app: App;
  /** All names it should cover now. */
  readonly names: readonly string[];
  /** An answer that shows that certificate, or nothing where the docs show nothing. */
  readonly show: (ssl: Ssl) => Reply;
}

function missing(place: SslPlace): Reply {
  return message(place.visit.world.switches.sslMissing, 'SSL not installed!');
}

export function readSsl(place: SslPlace): Reply {
  const { ssl } = place.holder;
  return ssl === null ? missing(place) : ok(sslView(ssl, place.visit.world.switches));
}

export async function installSsl(place: SslPlace): Promise<Reply> {
  const { visit, holder, names, server, app } = place;
  const { world } = visit;
  const settings = sslInput(visit.input);
  if ('errors' in settings) return invalid(settings.errors);
  if ((holder.ssl ?? holder.pending) !== null && world.switches.sslExists === 'refuse') {
    return message(422, 'SSL is already installed for this web application.');
  }
  const now = world.clock.now();
  const ssl: Ssl = {
    ...settings,
    id: world.nextId(),
    names,
    validUntil: now + world.switches.sslLifetimeDays * 86_400_000,
    createdAt: now,
    material: undefined,
  };
  if (ssl.method === 'letsencrypt') {
    const refusal = await placeOrder(world, { holder, ssl, names, server, app });
    if (refusal !== undefined) return refusal;
  } else {
    holder.ssl = ssl;
  }
  return place.show(holder.ssl ?? ssl);
}

function held(place: SslPlace, id: number): Ssl | undefined {
  return place.holder.ssl?.id === id ? place.holder.ssl : undefined;
}

export async function redeploySsl(place: SslPlace, id: number): Promise<Reply> {
  const ssl = held(place, id);
  if (ssl === undefined) return missing(place);
  if (ssl.method !== 'letsencrypt')
    return message(422, "Only a certificate of Let's Encrypt can be redeployed.");
  const { holder, server, app } = place;
  const { world } = place.visit;
  const names = world.switches.redeployCovers === 'all-names' ? place.names : ssl.names;
  const refusal = await placeOrder(world, { holder, ssl, names, server, app });
  return refusal ?? place.show(holder.ssl ?? ssl);
}

export function patchSsl(place: SslPlace, id: number): Reply {
  const ssl = held(place, id);
  if (ssl === undefined) return missing(place);
  const { input } = place.visit;
  ssl.enableHttp = flagIn(input.enableHttp) ?? ssl.enableHttp;
  ssl.enableHsts = flagIn(input.enableHsts) ?? ssl.enableHsts;
  ssl.protocolId = [1, 2, 3].find((known) => known === input.ssl_protocol_id) ?? ssl.protocolId;
  return place.show(ssl);
}

export function deleteSsl(place: SslPlace, id: number): Reply {
  const ssl = held(place, id);
  if (ssl === undefined) return missing(place);
  place.holder.ssl = null;
  return ok(sslView(ssl, place.visit.world.switches));
}

export function showSsl({ world }: Visit) {
  return (ssl: Ssl): Reply => json(200, sslView(ssl, world.switches));
}

export function showNothing(): Reply {
  return json(200, {});
}
