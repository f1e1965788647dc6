import { RelayError } from '../errors.ts';
import type { Credential } from '../settings/settings.ts';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import { type CheckName, type Finding, failed, notAnswered } from './check.ts';

/** The checks that call RunCloud. */
export type AskingCheck = Extract<CheckName, 'token' | 'server' | 'web-app' | 'domains' | 'certificates'>;

interface Explanation {
  readonly detail: string;
  readonly fix: string;
}

interface CheckContext {
  readonly check: AskingCheck;
  readonly app: App;
  readonly api: Credential['api'];
}

function wrongToken(api: Credential['api']): Explanation {
  return api === 'v3'
    ? {
        detail: 'The token is wrong, revoked or of another kind',
        fix: 'Put a current workspace token (RunCloud: Workspace > Settings > API Management) into WU_RUNCLOUD_API_TOKEN',
      }
    : {
        detail: 'The API key and secret are wrong, revoked or of another account',
        fix: 'Put the current pair into WU_RUNCLOUD_API_KEY and WU_RUNCLOUD_API_SECRET, or better a workspace token into WU_RUNCLOUD_API_TOKEN',
      };
}

function notAllowed({ check, app }: CheckContext): Explanation {
  switch (check) {
    case 'token':
      return {
        detail:
          'RunCloud knows the credential but does not let it use the API: it is switched off, or not in the plan',
        fix: 'Switch the API on in the RunCloud panel, and see that the plan has API access (Business or Enterprise)',
      };
    case 'server':
      return {
        detail: `The credential may not see server ${app.serverId}: it is in another workspace, or the rights do not reach it`,
        fix: 'Take the server id from the address of the server in the panel into WU_RUNCLOUD_SERVER_ID, and a token of the workspace that holds it',
      };
    default:
      return {
        detail: `The credential may see server ${app.serverId} but not this of web application ${app.appId}`,
        fix: 'Give the credential full rights on the web application, its domains and its SSL',
      };
  }
}

function notFoundText({ check, app }: CheckContext): Explanation {
  switch (check) {
    case 'token':
      return {
        detail: 'RunCloud has no such API: the address is not the one of its API',
        fix: 'Remove RUNCLOUD_URL from the environment of the functions, or correct it',
      };
    case 'server':
      return {
        detail: `There is no server ${app.serverId} in the workspace of this credential`,
        fix: 'Take the server id from the address of the server in the panel into WU_RUNCLOUD_SERVER_ID',
      };
    default:
      return {
        detail: `There is no web application ${app.appId} on server ${app.serverId}`,
        fix: 'Take the id of the web application from its address in the panel into WU_RUNCLOUD_APP_ID',
      };
  }
}

const blocked: Explanation = {
  detail:
    'A web page or a redirect came where RunCloud answers with JSON: something else answers in its place',
  fix: 'See whether a firewall or proxy stands in between, whether RunCloud bars this address, and whether RUNCLOUD_URL is right',
};

const limited: Explanation = {
  detail: 'RunCloud asks for fewer calls',
  fix: 'Ask again in a minute. If that goes on, the monthly quota of API calls of the plan may be spent',
};

const silent: Explanation = {
  detail: 'RunCloud did not answer in time',
  fix: 'Ask again in a minute. If that goes on, see whether RunCloud can be reached from these functions',
};

const unreachable: Explanation = {
  detail: 'RunCloud could not be reached, or failed itself',
  fix: 'Ask again in a minute. If that goes on, see the status page of RunCloud, and RUNCLOUD_URL if it is set',
};

/** Why a check failed, and how to fix it. Rethrows an error that does not come from RunCloud. */
export function explainFailure(error: unknown, context: CheckContext): Finding {
  if (!(error instanceof RelayError)) throw error;
  // The message holds status, path and RunCloud's own words, which are already redacted.
  const told = ({ detail }: Explanation) => `${detail}. ${error.message}`;
  const blame = (words: Explanation) => failed(told(words), words.fix);
  const wait = (words: Explanation) => notAnswered(told(words), words.fix);
  switch (error.code) {
    case 'runcloud-unauthorized':
      return blame(wrongToken(context.api));
    case 'runcloud-forbidden':
      return blame(notAllowed(context));
    case 'runcloud-not-found':
      return blame(notFoundText(context));
    case 'runcloud-blocked':
      return blame(blocked);
    case 'runcloud-rate-limited':
      return wait(limited);
    case 'runcloud-timeout':
      return wait(silent);
    case 'runcloud-unavailable':
      return wait(unreachable);
    case 'runcloud-refused':
      return blame({
        detail: 'RunCloud refused a mere question',
        fix: 'See what RunCloud said; its API may have changed, or RUNCLOUD_URL may be wrong',
      });
    default:
      throw error;
  }
}
