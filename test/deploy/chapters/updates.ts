import { setTimeout as wait } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { SECRET_LEAST_AGE_MS } from '../../../lib/sync/ledger/budgets.ts';
import { askedOf, countedCalls } from '../calls/counted-calls.ts';
import { type DeployedRelay, domain } from '../deployed-relay.ts';
import { builtIn, byHand, event, network, nextAppId, oldPrimary, ownDomain, question } from '../multisite.ts';
import { routes } from '../rules/api.ts';

/** Signed calls, and what becomes of them: domains, certificates, dead letters, a move. */
export function updatesThroughRelay(deployed: DeployedRelay): void {
  const { nameOf, sweep, hosted, status, comesTo, queueUrl, deadLetters } = deployed;

  test('a signed call brings a domain to RunCloud, and a certificate to the domain', async () => {
    deployed.world.internet.dns.set(domain, { A: ['127.0.0.1'] });
    const answer = await deployed.world.relay.call(event('domain.added', domain));
    expect(answer.statusCode).toBe(202);
    await deployed.world.relay.deliver();
    expect(hosted()).toContain(domain);
    await comesTo(domain, 'present', 'valid');
    expect(deployed.world.internet.runcloud.orders).toHaveLength(1);
  });

  test('so far it took the calls that docs/reference/cost.md counts its cost from', async () => {
    const counted = await countedCalls();
    const before = askedOf(deployed.world.relay.calls().get(nameOf('sweep')));
    await sweep();
    const after = askedOf(deployed.world.relay.calls().get(nameOf('sweep')));
    const measured = {
      'an accepted addition': askedOf(deployed.world.relay.calls().get(nameOf('domain-added'))),
      'its domain, added in RunCloud': askedOf(deployed.world.relay.calls().get(nameOf('sync-domain'))),
      'its certificate, ordered and proven': askedOf(
        deployed.world.relay.calls().get(nameOf('secure-domains')),
      ),
      'a sweep that finds nothing due': after.map((count, i) => count - (before[i] ?? 0)),
    };
    // One read or write more or less, where two workers meet, is no other price.
    const isAbout = (count: number, told = 0) => Math.abs(count - told) <= count / 4;
    const untrue = Object.entries(measured).filter(
      ([what, calls]) => !calls.every((count, i) => isAbout(count, counted.get(what)?.[i])),
    );
    expect(untrue).toEqual([]);
  });

  test('what the emulators stand for is read too: status, list, connection, live', async () => {
    const ask = (path: string, query?: Record<string, string>) => {
      const key = `GET /{network}${path.replace(domain, '{domain}')}`;
      expect(routes[key]).toBeDefined();
      return deployed.world.relay.call(question(key, path, query));
    };
    expect(JSON.parse((await ask(`/domains/${domain}`, { live: '1' })).body)).toMatchObject({
      wanted: 'present',
      live: { dns: { verdict: 'here' }, tls: { valid: true }, runcloud: { type: 'alias' } },
    });
    expect(JSON.parse((await ask('/domains')).body)).toMatchObject({ network, domains: [{ domain }] });
    expect(JSON.parse((await ask('/connection')).body)).toMatchObject({ network, ok: true });
  });

  test('the built-in webhook adds, and a wrong signature changes nothing', async () => {
    const added = await deployed.world.relay.call(builtIn('parts.acme-bikes.com'));
    expect(added.statusCode).toBe(202);
    await comesTo('parts.acme-bikes.com', 'present');
    const call = event('domain.removed', domain);
    const forged = { ...call, headers: { ...call.headers, 'webhook-signature': 'v1,Zm9yZ2Vk' } };
    expect((await deployed.world.relay.call(forged)).statusCode).toBe(401);
    expect((await status(domain)).hosting.state).toBe('present');
  });

  test('a removal that may never be followed ends settled', async () => {
    await deployed.world.relay.call(event('domain.removed', oldPrimary));
    await comesTo(oldPrimary, 'present');
    expect(hosted()).toContain(oldPrimary);
  });

  test('a removal that fails becomes a dead letter, sent by the worker itself', async () => {
    await deployed.world.relay.call(event('domain.removed', byHand));
    await comesTo(byHand, 'failed');
    expect(await deadLetters('DomainDeadLetters')).toMatchObject([{ domain: byHand, code: 'not-announced' }]);
    expect(hosted()).toContain(byHand);
  });

  test('a certificate that cannot be ordered ends in the dead letters of its own queue', async () => {
    const native = `blog.${ownDomain}`;
    deployed.world.internet.dns.set(native, { A: ['127.0.0.1'] });
    await deployed.world.relay.call(event('domain.ssl_retry', native, { native: true, reason: 'manual' }));
    await comesTo(native, 'present', 'failed');
    expect(await deadLetters('CertificateDeadLetters')).toMatchObject([{ domain: native }]);
  });

  test.each(['DomainQueue', 'CertificateQueue'])(
    'a message of %s that no function understands is a dead letter after five receives',
    async (id) => {
      const MessageBody = `poison for ${id}`;
      await deployed.world.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(id), MessageBody }));
      await deployed.world.relay.deliver();
      const found = await deadLetters(id.replace('Queue', 'DeadLetters'));
      expect(found.map(({ body }) => body)).toContain(MessageBody);
    },
  );

  test('a network that moves has its domains checked, one page after the other', async () => {
    await deployed.world.putSecret(nextAppId);
    // A worker reads a secret anew at most every ten seconds, and the removal before this one has just done so.
    await wait(SECRET_LEAST_AGE_MS);
    await deployed.world.relay.call(event('domain.removed', 'parts.acme-bikes.com'));
    await comesTo('parts.acme-bikes.com', 'absent');
    const movesOn = async () =>
      hosted(nextAppId).includes(domain) || (await status(domain)).hosting.state === 'pending';
    for (let tries = 0; tries < 60 && !(await movesOn()); tries++) {
      await sweep();
      await deployed.world.relay.deliver();
      await wait(1_000);
    }
    expect(await movesOn()).toBe(true);
  });
}
