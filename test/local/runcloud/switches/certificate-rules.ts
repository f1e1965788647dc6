import { expect } from '@jest/globals';
import { runcloudCertificates } from '../../../../lib/runcloud/certificates.ts';
import { findSsl, readSslMode, redeploySsl } from '../../../../lib/runcloud/ssl.ts';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import { app, clientOf, failureOf, ids } from '../../../support/runcloud/runcloud.ts';
import {
  add,
  clock,
  covered,
  domain,
  install,
  installAddRedeploy,
  type Rules,
  runcloud,
  turn,
  unresolved,
} from './switch-world.ts';

/** What a client meets of certificates in each position of a switch. */
export const certificateRules = {
  sslMissing: {
    'is none with 404 and with 200': async () => {
      for (const sslMissing of [404, 200] as const) {
        turn({ sslMissing });
        expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      }
    },
  },
  sslExists: {
    'a second installation is refused, or replaces the first': async () => {
      turn({ sslIssue: 'immediate' });
      const first = await install();
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ sslExists: 'replace' });
      expect(await install()).not.toEqual(first);
    },
    'so is one while the first is under way': async () => {
      await install();
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      expect(runcloud.orders).toHaveLength(1);
    },
  },
  sslIssue: {
    'shows a delayed certificate once its time has come': async () => {
      expect(await install()).toMatchObject({ method: 'letsencrypt' });
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      await clock.advance(30_000);
      expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'letsencrypt' });
      expect(runcloud.orders).toMatchObject([{ outcome: 'issued' }]);
    },
    'shows what was there until a delayed redeploy is done': async () => {
      const before = runcloud.installInPanel(app, { names: ['network.example'] });
      await add('shop.example');
      expect(await redeploySsl(clientOf(runcloud), ids, before.id)).toMatchObject({ id: before.id });
      await clock.advance(29_999);
      expect(covered()).toEqual(['network.example']);
      await clock.advance(1);
      expect(covered()).toEqual(['network.example', 'shop.example']);
    },
    'installs the later one of two delayed redeploys': async () => {
      const { id } = runcloud.installInPanel(app);
      await redeploySsl(clientOf(runcloud), ids, id);
      await add('shop.example');
      await redeploySsl(clientOf(runcloud), ids, id);
      await clock.advance(30_000);
      expect(covered()).toEqual(['network.example', 'shop.example']);
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['superseded', 'issued']);
    },
    'shows an immediate one at once': async () => {
      turn({ sslIssue: 'immediate' });
      const installed = await install();
      expect(await findSsl(clientOf(runcloud), ids)).toEqual(installed);
    },
    'holds the call until a blocking one is there': async () => {
      turn({ sslIssue: 'blocking' });
      const installing = install();
      while (clock.nextDueAt() === undefined) await new Promise((resolve) => setImmediate(resolve));
      expect(covered()).toBeUndefined();
      await clock.advance(30_000);
      expect(await installing).toMatchObject({ method: 'letsencrypt' });
      expect(covered()).toEqual(['network.example']);
    },
    'fails with 422 or 500': async () => {
      turn({ sslIssue: 'fails-422' });
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused', unanswered: false });
      turn({ sslIssue: 'fails-500' });
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-unavailable', unanswered: true });
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    },
    'answers 200 and does nothing': async () => {
      turn({ sslIssue: 'fails-200' });
      expect(await install()).toBe('unclear');
      expect(covered()).toBeUndefined();
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['failed']);
    },
  },
  sslIssueMs: {
    'says how long a delayed certificate takes': async () => {
      turn({ sslIssueMs: 5_000 });
      await install();
      await clock.advance(4_999);
      expect(covered()).toBeUndefined();
      await clock.advance(1);
      expect(covered()).toEqual(['network.example']);
    },
  },
  sslLifetimeDays: {
    'sets the end of a certificate': async () => {
      turn({ sslIssue: 'immediate', sslLifetimeDays: 45 });
      expect(await install()).toMatchObject({ validUntil: '2027-01-05 05:00:00' });
    },
  },
  domainSslAnswer: {
    'empty leaves an installation and a redeploy of one domain unclear': async () => {
      turn({ sslIssue: 'immediate', domainSslAnswer: 'empty' });
      runcloud.app(app).mode.advancedSSL = true;
      expect(await install(domain)).toBe('unclear');
      const ssl = await findSsl(clientOf(runcloud), domain);
      expect(await redeploySsl(clientOf(runcloud), domain, ssl?.id ?? 0)).toBe('unclear');
    },
  },
  redeployCovers: {
    'all names, or only the old ones': async () => {
      turn({ sslIssue: 'immediate', sslExists: 'replace' });
      await installAddRedeploy();
      expect(covered()).toEqual(['network.example', 'shop.example']);
      expect(await runcloud.certificateFor('shop.example')).toBeDefined();
    },
    'only the old ones': async () => {
      turn({ sslIssue: 'immediate', redeployCovers: 'old-names' });
      await installAddRedeploy();
      expect(covered()).toEqual(['network.example']);
      expect(await runcloud.certificateFor('shop.example')).toBeUndefined();
    },
  },
  domainSslInBasicMode: {
    'is refused, or switches the application over': async () => {
      expect(await failureOf(install(domain))).toMatchObject({ code: 'runcloud-refused' });
      expect(await failureOf(findSsl(clientOf(runcloud), domain))).toMatchObject({
        code: 'runcloud-refused',
      });
      expect(await readSslMode(clientOf(runcloud), ids)).toBe('basic');
      turn({ domainSslInBasicMode: 'switch-to-advanced' });
      await install(domain);
      expect(await readSslMode(clientOf(runcloud), ids)).toBe('advanced');
    },
  },
  sslFlags: {
    'as numbers do no harm': async () => {
      turn({ sslIssue: 'immediate', sslFlags: 'numbers' });
      await install();
      expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'letsencrypt' });
    },
  },
  sslShape: {
    'tells an uploaded certificate from one of Let’s Encrypt in every spelling, or says nothing':
      async () => {
        turn({ sslIssue: 'immediate' });
        await install();
        const found = () => runcloudCertificates(clientOf(runcloud), ids).find();
        for (const sslShape of ['method', 'provider', 'spelled-out', 'id-only'] as const) {
          turn({ sslShape });
          const unknown = sslShape === 'id-only';
          expect(await found()).toMatchObject({ origin: unknown ? 'unknown' : 'http-01' });
          runcloud.installInPanel(app, { method: 'custom' });
          expect(await found()).toMatchObject({ origin: unknown ? 'unknown' : 'uploaded' });
          runcloud.installInPanel(app);
        }
      },
  },
  sslModeKeys: {
    'tell the mode in every spelling': async () => {
      for (const sslModeKeys of ['advancedSSL', 'advancedSsl', 'enabled'] as const) {
        turn({ sslModeKeys });
        runcloud.app(app).mode = { advancedSSL: false, autoSSL: false };
        expect(await readSslMode(clientOf(runcloud), ids)).toBe('basic');
        runcloud.app(app).mode.advancedSSL = true;
        expect(await readSslMode(clientOf(runcloud), ids)).toBe('advanced');
      }
    },
  },
  unreachableNames: {
    'fail the whole order although they lead to the server': async () => {
      turn({ sslIssue: 'immediate', unreachableNames: ['shop.example'] });
      await add('shop.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ unreachableNames: [] });
      await install();
      expect(covered()).toContain('shop.example');
    },
  },
  unsupportedName: {
    'fails the whole order, or gets no certificate': async () => {
      turn({ sslIssue: 'immediate' });
      await add('ab--cd.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ unsupportedName: 'is-left-out' });
      await install();
      expect(runcloud.app(app).ssl?.names).toEqual(['network.example']);
    },
  },
  unresolvedName: {
    'fails the whole order': async () => {
      turn({ sslIssue: 'immediate' });
      await add('shop.example');
      unresolved.add('shop.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      expect(covered()).toBeUndefined();
    },
    'fails a delayed order in silence': async () => {
      unresolved.add('network.example');
      await install();
      await clock.advance(30_000);
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      expect(runcloud.orders).toMatchObject([{ outcome: 'failed' }]);
    },
    'leaves what was there when it fails a delayed order': async () => {
      const before = runcloud.installInPanel(app);
      await add('shop.example');
      unresolved.add('shop.example');
      await redeploySsl(clientOf(runcloud), ids, before.id);
      await clock.advance(30_000);
      expect(runcloud.app(app).ssl).toEqual(before);
      expect(runcloud.orders).toMatchObject([
        { at: before.createdAt + 86_400_000, names: ['network.example', 'shop.example'], outcome: 'failed' },
      ]);
    },
    'fails the order of its own domain only in advanced mode': async () => {
      turn({ sslIssue: 'immediate' });
      runcloud.app(app).mode.advancedSSL = true;
      const added = await add('shop.example');
      unresolved.add('network.example');
      expect(await failureOf(install(domain))).toMatchObject({ code: 'runcloud-refused' });
      expect(await install({ ...ids, domainId: added?.id ?? 0 })).toMatchObject({ method: 'letsencrypt' });
    },
    'or is left out of it': async () => {
      turn({ sslIssue: 'immediate', unresolvedName: 'is-left-out' });
      await add('shop.example', true);
      unresolved.add('www.shop.example');
      await install();
      expect(covered()).toEqual(['network.example', 'shop.example']);
    },
  },
} satisfies { readonly [S in keyof Switches]?: Rules };
