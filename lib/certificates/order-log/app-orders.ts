import type { CertificateWorkItem } from '../../sync/ledger/items/certificate-work-item.ts';
import type { NetworkItem } from '../../sync/ledger/items/network-item.ts';
import { certificateWorkKey, networkKey } from '../../sync/ledger/keys.ts';
import type { App } from '../../sync/ledger/runcloud-ports.ts';
import { type Followed, follow } from '../../sync/ledger/updates/followed.ts';
import { takenLease } from '../../sync/ledger/updates/taken-lease.ts';
import { type ItemUpdate, type Seen, updateItem, updateRead } from '../../sync/ledger/updates/update.ts';
import { listed } from '../../sync/ledger/work/listed-network.ts';
import { askAfterLease } from '../../sync/network/refused-certificates.ts';
import type { CertificateServices } from '../services.ts';
import { type NextMessage, releaseAppLease, takeAppLease, withoutKept } from './app-lease.ts';
import { atApp, issuedAt, workOf } from './application.ts';

type Change = (work: CertificateWorkItem) => CertificateWorkItem;

/** The orders of one application, as the worker that holds the lease on them goes on with them. */
export class AppOrders {
  readonly #followed: Followed<'certificateWork'>;
  readonly #owner: string;
  /** What is known and not written yet. Each may be made twice. */
  #known: Change = (work) => work;

  constructor(followed: Followed<'certificateWork'>, owner: string) {
    this.#followed = followed;
    this.#owner = owner;
  }

  get work(): CertificateWorkItem {
    return this.#known(workOf(this.#followed.last()));
  }

  update<R>(rule: (item: CertificateWorkItem | undefined) => ItemUpdate<CertificateWorkItem, R>): Promise<R> {
    return this.#followed.update((item) => rule(item?.owner === this.#owner ? this.#known(item) : item));
  }

  /** The pass works for this application. Written with the next order, or with the release. */
  workFor(app: App): void {
    this.#add(atApp(app));
  }

  /** The certificate of that order is served. A worker that is killed before its release leaves new names waiting for half an hour. */
  isIssued(orderedAt: number): void {
    this.#add(issuedAt(orderedAt));
  }

  /** Returns when the message of the next pass is to come; null: none is to be sent. */
  release(next: NextMessage): Promise<number | null> {
    return this.update(releaseAppLease(this.#owner, next));
  }

  #add(change: Change): void {
    const before = this.#known;
    this.#known = (work) => change(before(work));
  }
}

/** What a pass holds under its lease on the application. */
export interface AppLease {
  readonly orders: AppOrders;
  readonly network: Followed<'network'>;
}

/**
 * Takes the lease. Undefined: another worker holds it. That one looks for what is left after its release; should it be killed,
 * the network's own work sends a message when the lease ends.
 */
export async function holdAppLease(
  network: string,
  owner: string,
  { ledger, clock, leaseMs }: Pick<CertificateServices, 'ledger' | 'clock' | 'leaseMs'>,
): Promise<AppLease | undefined> {
  const keys = { network: networkKey(network), work: certificateWorkKey(network) };
  const snapshot = await ledger.readAll([keys.network, keys.work]);
  const ofNetwork: Seen<NetworkItem> = snapshot.of(keys.network) ?? { item: undefined, writes: 0 };
  const ofWork = snapshot.of(keys.work) ?? { item: undefined, writes: 0 };
  const now = clock.now();
  const notBegun = { now, nextAt: null, sharedMs: 0 };
  const { result, seen } = await takenLease(
    () => updateRead(ledger, keys.work, takeAppLease(ofNetwork.item, { owner, now, leaseMs }), ofWork),
    () => updateItem(ledger, keys.work, releaseAppLease(owner, notBegun)),
  );
  if (result.kind === 'held') {
    await updateItem(ledger, keys.network, askAfterLease(network, result.until, clock.now()));
    return undefined;
  }
  const followed = follow(ledger, keys.network, ofNetwork);
  const orders = new AppOrders(follow(ledger, keys.work, seen), owner);
  try {
    const kept = ofNetwork.item?.certificates ?? null;
    if (kept !== null) await followed.update(withoutKept(kept, now));
    // The sweep may not have come yet to what 0.1.0 has written.
    if ((followed.last()?.sendAt ?? null) === null) await followed.update(listed(network));
  } catch (error) {
    // Kept, it would refuse every other worker for as long as a function may run.
    await orders.release(notBegun).catch(() => undefined);
    throw error;
  }
  return { orders, network: followed };
}
