import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../functions/domain-removed.ts';
import { Unavailable } from '../../lib/errors.ts';
import { silentLog } from '../support/silent-log.ts';
import { clockOfChance, ledgerOfChance, queueOfChance } from './ports-of-chance.ts';
import { DOMAINS, type PlannedWord } from './scenario.ts';
import type { Actor } from './scheduler.ts';
import { BASE_MS, NETWORK, RELAY_SECRET, START, type World } from './world.ts';

const DOOR_TIMEOUT_MS = 10_000;

export const domainOf = (word: PlannedWord): string => DOMAINS[word.domain % DOMAINS.length] ?? DOMAINS[0];

/** The id and time under which the multisite says a word, the same in every copy of it. */
export const versionOf = (word: PlannedWord, index: number): { id: string; timestamp: string } => ({
  id: `word-${String(index).padStart(2, '0')}`,
  timestamp: new Date(START + word.saidAt * 1_000).toISOString(),
});

const eventOf = (word: PlannedWord, index: number, now: number): APIGatewayProxyEventV2 => {
  const { id, timestamp } = versionOf(word, index);
  const action = word.wanted === 'present' ? 'added' : 'removed';
  const body = JSON.stringify({
    type: `domain.${action}`,
    timestamp,
    data: { domain: domainOf(word), siteId: 12, domainId: 50 + word.domain, www: word.www },
  });
  const sentAt = new Date(now);
  const path = `/${NETWORK}/domain-${action}`;
  return {
    version: '2.0',
    routeKey: `POST /{network}/domain-${action}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      host: 'relay.example',
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': new Webhook(RELAY_SECRET).sign(id, sentAt, body),
    },
    pathParameters: { network: NETWORK },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'relay.example',
      domainPrefix: 'relay',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'simulator' },
      requestId: id,
      routeKey: `POST /{network}/domain-${action}`,
      stage: '$default',
      time: sentAt.toUTCString(),
      timeEpoch: now,
    },
    body,
    isBase64Encoded: false,
  };
};

/**
 * Delivers one copy of a word to the real door, and delivers it again, as the multisite does, until it is confirmed.
 */
export const deliver = (
  world: World,
  index: number,
  word: PlannedWord,
  listeners: { arrived: (delaySeconds: number) => void; accepted: (domain: string) => void },
): void => {
  const { scheduler, dice, ledger, queue } = world;
  let confirmed = false;
  const actor: Actor = {
    name: `door(${versionOf(word, index).id})`,
    deadlineAt: scheduler.now() + DOOR_TIMEOUT_MS + 60_000,
    mortal: true,
  };
  const call = async (): Promise<void> => {
    const receive = word.wanted === 'present' ? receiveAdded : receiveRemoved;
    try {
      const answer = await receive(eventOf(word, index, scheduler.now()), {
        secrets: world.secrets,
        ledger: ledgerOfChance(world, actor, ledger),
        queue: queueOfChance(world, actor, queue, listeners.arrived),
        clock: clockOfChance(scheduler, actor),
        log: silentLog,
        domainBaseMs: BASE_MS,
        certificateBaseMs: 2 * BASE_MS,
      });
      if (answer.statusCode !== 202)
        throw new Error(`The door answered ${answer.statusCode}: ${answer.body}`);
      confirmed = true;
      world.unconfirmed--;
      scheduler.note(
        `${actor.name} ${word.wanted} ${domainOf(word)}: ${JSON.parse(answer.body ?? '{}').status}`,
      );
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  };
  scheduler.start(actor, call, () => {
    if (confirmed) return;
    scheduler.at(scheduler.now() + dice.between(10, 900) * 1_000, () =>
      deliver(world, index, word, listeners),
    );
  });
};
