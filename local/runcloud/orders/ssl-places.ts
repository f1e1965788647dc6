import { flagIn } from '../http/input.ts';
import { invalid, message, ok, type Reply } from '../http/replies.ts';
import type { Answering, AppVisit, DomainVisit } from '../http/visit.ts';
import { type App, namesOf } from '../state/state.ts';
import type { Switches } from '../state/switches.ts';
import { type SslPlace, showNothing, showSsl } from './ssl.ts';

type SslCall = (place: SslPlace, sslId: number) => Reply | Promise<Reply>;

/** A call about the one certificate of a web application. */
export function onApp(call: SslCall): Answering<AppVisit> {
  return (visit, sslId) => {
    if (visit.app.mode.advancedSSL) return message(422, 'This web application uses advanced SSL.');
    const names = visit.app.domains.flatMap(namesOf);
    const { app, server } = visit;
    return call({ visit, holder: app, server, app, names, show: showSsl(visit) }, sslId);
  };
}

function notInPlan() {
  return message(403, 'Your plan does not include advanced SSL.');
}

/** A call about the certificate of one domain. */
export function onDomain(call: SslCall): Answering<DomainVisit> {
  return (visit, sslId) => {
    const { app, domain, server, world, workspace } = visit;
    if (workspace.plan !== 'business') return notInPlan();
    if (!app.mode.advancedSSL) {
      if (world.switches.domainSslInBasicMode === 'refuse') {
        return message(422, 'Advanced SSL is not enabled for this web application.');
      }
      if (visit.input.advancedSSL === true) app.mode = { ...app.mode, advancedSSL: true };
    }
    const show = world.switches.domainSslAnswer === 'empty' ? showNothing : showSsl(visit);
    return call({ visit, holder: domain, server, app, names: namesOf(domain), show }, sslId);
  };
}

function modeView({ mode }: App, keys: Switches['sslModeKeys']): unknown {
  switch (keys) {
    case 'advancedSSL':
      return { advancedSSL: mode.advancedSSL, autoSSL: mode.autoSSL };
    case 'advancedSsl':
      return { advancedSsl: mode.advancedSSL, autoSsl: mode.autoSSL };
    case 'enabled':
      return { enabled: mode.advancedSSL };
  }
}

export function readMode({ app, world }: AppVisit): Reply {
  return ok(modeView(app, world.switches.sslModeKeys));
}

export function setMode({ app, world, workspace, input }: AppVisit): Reply {
  const advancedSSL = flagIn(input.advancedSSL);
  const autoSSL = flagIn(input.autoSSL ?? app.mode.autoSSL);
  if (advancedSSL === undefined) return invalid({ advancedSSL: 'The advanced SSL field is required.' });
  if (autoSSL === undefined) return invalid({ autoSSL: 'The auto SSL field must be true or false.' });
  if ((advancedSSL || autoSSL) && workspace.plan !== 'business') {
    return notInPlan();
  }
  app.mode = { advancedSSL, autoSSL };
  return ok(modeView(app, world.switches.sslModeKeys));
}
