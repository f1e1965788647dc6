import { RuncloudNotFound, RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { HostedDomain, SslMode } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { MemoryHosting } from '../../../doubles/hosting.ts';
import type { Random } from '../../chance/random.ts';
import type { Scheduler } from '../../chance/scheduler.ts';
import type { SslPlan } from '../../chance/ssl-plan.ts';
import type { Internet } from './internet.ts';

const MOST_NAMES = 100;
const DAY_MS = 24 * 60 * 60_000;

/** An order that has reached RunCloud. */
export interface ReceivedOrder {
  readonly how: CertificateOrder['how'];
  /** When its call began; it may have landed later. */
  readonly sentAt: number;
  readonly domainId: number | undefined;
  readonly mode: SslMode;
  /** Since when that mode holds. */
  readonly modeSince: number;
  /** All that the certificate would have to cover. */
  readonly names: readonly string[];
  /** An uploaded certificate was in its place. */
  readonly overUploaded: boolean;
  /** Names whose validation the CA counts as failed. */
  failed: readonly string[];
}

interface Installed {
  readonly id: number;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  /** By an operator: an order must not replace it. */
  readonly uploaded: boolean;
}

/** The lifetime of an uploaded certificate: longer than any history. */
const UPLOADED_MS = 800 * DAY_MS;

interface IssuerParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly internet: Internet;
  readonly plan: SslPlan;
  readonly chances: { readonly refused: number };
  readonly received: (order: ReceivedOrder) => void;
}

function namesOf({ name, www }: Pick<HostedDomain, 'name' | 'www'>): string[] {
  return www === true ? [name, `www.${name}`] : [name];
}

function refuse(said: string): never {
  throw new RuncloudRefused('RunCloud refused', { method: 'POST', path: '/ssl', status: 422, said });
}

/** What makes the certificates of one web application: RunCloud and the CA behind it, as the history wants them. */
export class Issuer {
  readonly #hosting: MemoryHosting;
  readonly #around: IssuerParts;
  readonly installed = new Map<number | undefined, Installed>();
  #mode: SslMode;
  #modeSince = 0;
  #lastId = 100;

  constructor(hosting: MemoryHosting, around: IssuerParts) {
    this.#hosting = hosting;
    this.#around = around;
    this.#mode = around.plan.mode;
  }

  /** By hand in the panel, for the whole application. */
  upload(names: readonly string[]): void {
    const notBefore = this.#around.scheduler.now();
    const made = { id: ++this.#lastId, names, notBefore, notAfter: notBefore + UPLOADED_MS, uploaded: true };
    this.installed.set(undefined, made);
  }

  get mode(): SslMode {
    return this.#mode;
  }

  /** Whether one certificate cannot hold all names of the application. */
  get hasTooManyNames(): boolean {
    return this.#attached(undefined).length > MOST_NAMES;
  }

  turnTo(mode: SslMode): void {
    this.#mode = mode;
    this.#modeSince = this.#around.scheduler.now();
  }

  #attached(domainId: number | undefined): string[] {
    if (domainId === undefined) return [...this.#hosting.rows.values()].flatMap(namesOf);
    const row = this.#hosting.rows.get(domainId);
    if (row === undefined)
      throw new RuncloudNotFound('no such domain', { method: 'POST', path: '/ssl', status: 404 });
    return namesOf(row);
  }

  order(
    how: CertificateOrder['how'],
    at: {
      readonly sslId: number | undefined;
      readonly domainId: number | undefined;
      readonly sentAt: number;
    },
  ): 'ordered' | 'gone' {
    const { plan, random, chances, scheduler } = this.#around;
    const { domainId, sslId, sentAt } = at;
    const names = this.#attached(domainId);
    const installed = this.installed.get(domainId);
    if (how === 'redeploy' && installed?.id !== sslId) return 'gone';
    const mode = { mode: this.#mode, modeSince: this.#modeSince };
    const overUploaded = installed?.uploaded === true;
    const order: ReceivedOrder = { how, sentAt, domainId, names, overUploaded, failed: [], ...mode };
    this.#around.received(order);
    if (this.mode !== (domainId === undefined ? 'basic' : 'advanced')) refuse('Not in this SSL mode.');
    if (overUploaded && how === 'redeploy') refuse('Only a certificate of Let’s Encrypt can be redeployed.');
    // One certificate holds no more names.
    if (domainId === undefined && this.hasTooManyNames) refuse('Too many names.');
    const again = how === 'install' && installed !== undefined && !plan.installsAnew;
    if (again || plan.refuses === 'always' || random.chance(chances.refused)) {
      order.failed = names;
      refuse(again ? 'SSL is installed already.' : 'The order could not be completed.');
    }
    const asked = how === 'redeploy' && plan.keepsNames && installed !== undefined ? installed.names : names;
    if (plan.landsWithin === 0) {
      if (!this.#land(order, asked)) refuse('The domain could not be verified.');
    } else {
      scheduler.at(scheduler.now() + random.between(1, plan.landsWithin * 1_000), () =>
        this.#land(order, asked),
      );
    }
    return 'ordered';
  }

  #land(order: ReceivedOrder, asked: readonly string[]): boolean {
    const { internet, plan } = this.#around;
    const bad = asked.filter((name) => !internet.validates(name));
    order.failed = bad;
    const good = asked.filter((name) => !bad.includes(name));
    if (good.length === 0 || (bad.length > 0 && !plan.skipsBadNames)) {
      order.failed = order.names;
      return false;
    }
    this.#install(order.domainId, good);
    return true;
  }

  #install(domainId: number | undefined, names: readonly string[]): Installed {
    const { scheduler, plan } = this.#around;
    const notBefore = scheduler.now();
    const lifetimeMs = plan.lifetimeDays * DAY_MS;
    const made = { id: ++this.#lastId, names, notBefore, notAfter: notBefore + lifetimeMs, uploaded: false };
    this.installed.set(domainId, made);
    scheduler.note(`issued for ${names.join(', ')}`);
    if (plan.renews) scheduler.at(notBefore + (lifetimeMs * 2) / 3, () => this.#renew(domainId, made.id));
    return made;
  }

  #renew(domainId: number | undefined, id: number): void {
    const { internet } = this.#around;
    const last = this.installed.get(domainId);
    if (last?.id !== id) return;
    const attached = [...this.#hosting.rows.values()].flatMap(namesOf);
    const names = last.names.filter((name) => attached.includes(name) && internet.validates(name));
    if (names.length > 0) this.#install(domainId, names);
  }

  /** The certificate with which the server answers for a name. */
  shown(name: string): Installed | undefined {
    const { plan, internet } = this.#around;
    const row = [...this.#hosting.rows.values()].find((candidate) => namesOf(candidate).includes(name));
    if (row === undefined) return undefined;
    const now = this.#around.scheduler.now();
    const kept = (one: Installed | undefined) => this.mode !== 'autossl' || (one?.notAfter ?? 0) > now;
    const newestFirst = [this.installed.get(row.id), this.installed.get(undefined)].toSorted(
      (a, b) => (b?.notBefore ?? 0) - (a?.notBefore ?? 0),
    );
    const covering = newestFirst.find((one) => one?.names.includes(name) && kept(one));
    if (covering !== undefined || this.mode !== 'autossl' || !plan.autoIssues) return covering;
    const names = namesOf(row).filter((one) => internet.validates(one));
    return names.includes(name) ? this.#install(row.id, names) : undefined;
  }

  /** Whether an order for these names can bring a certificate that covers them. */
  canIssue(names: readonly string[]): boolean {
    const { plan, internet } = this.#around;
    if (!names.every((name) => internet.validates(name))) return false;
    if (this.mode === 'autossl') return plan.autoIssues;
    if (this.mode === 'unknown' || plan.refuses === 'always') return false;
    const rows = [...this.#hosting.rows.values()];
    const row = rows.find((candidate) => namesOf(candidate).includes(names[0] ?? ''));
    const installed = this.installed.get(this.mode === 'advanced' ? row?.id : undefined);
    if (installed?.uploaded === true) return false;
    if (plan.keepsNames && installed !== undefined && !plan.installsAnew) return false;
    if (this.mode === 'basic' && this.hasTooManyNames) return false;
    // A redeploy that is for the old names and refused at once is never followed by an install.
    const isRefusedAtOnce = plan.keepsNames && plan.landsWithin === 0 && !plan.skipsBadNames;
    if (isRefusedAtOnce && installed?.names.some((name) => !internet.validates(name)) === true) return false;
    const whole = this.mode === 'basic' ? rows.flatMap(namesOf) : row === undefined ? [] : namesOf(row);
    return plan.skipsBadNames || whole.every((name) => internet.validates(name));
  }
}
