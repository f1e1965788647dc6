import { expect, test } from '@jest/globals';
import { seededRandom } from '../simulator/chance/random.ts';
import { settledItem } from '../support/sync/items.ts';
import { compare } from './compare.ts';
import { deliveries, type SoakUpdate } from './updates.ts';

function update(domain: string, part: Partial<SoakUpdate> = {}): SoakUpdate {
  return {
    network: 'north',
    domain,
    wanted: 'present',
    timestamp: '2026-11-21T05:00:00.000Z',
    id: 'msg_1',
    ...part,
  };
}
const network = {
  name: 'north',
  ownDomain: 'network.example',
  items: [settledItem({ domain: 'a.example' })],
};

test('RunCloud as the last updates say is neither lost nor a zombie', () => {
  const updates = [update('a.example'), update('b.example', { network: 'south' })];
  expect(compare(updates, ['network.example', 'a.example'], network)).toEqual({ lost: [], zombies: [] });
});

test('what is wanted and missing is lost, and named with what the ledger believes', () => {
  expect(compare([update('a.example'), update('c.example')], [], network)).toEqual({
    lost: [
      'north a.example (present, present, no error)',
      'north c.example (not in the ledger, no error)',
      'north network.example (not in the ledger, no error)',
    ],
    zombies: [],
  });
});

test('what is there unwanted, or twice, is a zombie', () => {
  const removed = update('a.example', { wanted: 'absent', timestamp: '2026-11-21T05:00:00.001Z' });
  const updates = [removed, update('a.example'), update('b.example')];
  const hosted = ['network.example', 'a.example', 'b.example', 'b.example'];
  const { lost, zombies } = compare(updates, hosted, network);
  expect(lost).toEqual([]);
  expect(zombies.map((told) => told.split(' ')[1])).toEqual(['a.example', 'b.example']);
});

test('one seed always gives the same updates in the same order, some of them twice and some late', () => {
  const made = (seed: number) => deliveries(400, ['north', 'south'], seededRandom(seed), 1_000_000);
  expect(made(3)).toEqual(made(3));
  expect(made(3)).not.toEqual(made(4));
  const stamps = made(3).map(({ timestamp }) => timestamp);
  expect(stamps.length).toBeGreaterThan(400);
  expect(stamps).not.toEqual(stamps.toSorted());
});
