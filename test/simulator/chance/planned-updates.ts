import fc from 'fast-check';

/** One update of the multisite, and when each copy of it reaches the relay. */
export interface PlannedUpdate {
  readonly domain: number;
  readonly wanted: 'present' | 'absent';
  readonly www: boolean;
  /** Seconds after the beginning; two updates may share one. */
  readonly saidAt: number;
  /** Seconds by which the clock of the sending host is fast. */
  readonly fast: number;
  /** Seconds between the event and each delivery: late, twice, out of order. */
  readonly deliveries: readonly number[];
}

/** A copy of an update that reaches the relay only after this many days. */
export interface Straggler {
  /** Which update; counted round. */
  readonly update: number;
  readonly days: number;
}

/** What is sent, or arrives, weeks after all work is done: absent domains have been forgotten by then. */
export interface WeeksLater {
  readonly stragglers: readonly Straggler[];
  readonly updates: readonly PlannedUpdate[];
}

export const DOMAINS = [
  'acme-bikes.com',
  'www.acme-bikes.com',
  'shop.acme-bikes.com',
  'promoted.example.org',
  'said-after-the-move.example.org',
  'store.network.example',
] as const;
/** Follows a move, because only a pass shows the relay the new application. */
export const SAID_AFTER_MOVE = 4;
/** A subdomain of the network itself. */
export const NATIVE = 5;

const DAY_SECONDS = 24 * 3_600;

const update: fc.Arbitrary<PlannedUpdate> = fc.record({
  // The shop comes up most: a long history of one name finds more than short ones of many.
  domain: fc.oneof(
    { weight: 4, arbitrary: fc.constant(2) },
    { weight: 4, arbitrary: fc.nat({ max: SAID_AFTER_MOVE - 1 }) },
    { weight: 1, arbitrary: fc.constant(NATIVE) },
  ),
  wanted: fc.constantFrom('present', 'absent'),
  www: fc.boolean(),
  fast: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 240 })),
  // Much happens at the same moment: that is where passes and updates meet.
  saidAt: fc.oneof(fc.constantFrom(0, 60, 900), fc.nat({ max: 1_800 })),
  deliveries: fc.array(fc.oneof(fc.constantFrom(0, 1, 840), fc.nat({ max: 1_200 })), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** One mapping is given another name: the companion removes the old one and adds the new one at the same moment. */
const rename: fc.Arbitrary<PlannedUpdate[]> = fc.record({ from: update, to: update }).map(({ from, to }) => [
  { ...from, wanted: 'absent' },
  { ...to, wanted: 'present', saidAt: from.saidAt, fast: from.fast },
]);

/** A domain is taken back and announced again within minutes: each update may meet the passes that those before it caused. */
const flapping: fc.Arbitrary<PlannedUpdate[]> = fc
  .record({
    first: update,
    turns: fc.array(fc.record({ after: fc.nat({ max: 120 }), www: fc.boolean() }), {
      minLength: 2,
      maxLength: 6,
    }),
  })
  .map(({ first, turns }) => {
    const said: PlannedUpdate[] = [{ ...first, wanted: 'present', deliveries: [0] }];
    for (const { after, www } of turns) {
      const last = said.at(-1) ?? first;
      const wanted = last.wanted === 'present' ? 'absent' : 'present';
      said.push({ ...last, wanted, www, saidAt: last.saidAt + after });
    }
    return said;
  });

export const updates: fc.Arbitrary<PlannedUpdate[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: update.map((one) => [one]) },
      { weight: 1, arbitrary: rename },
      { weight: 1, arbitrary: flapping },
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((said) => said.flat());

/** All work is done within some twenty days, and an absent domain is remembered for 32. */
const lateDay = fc.integer({ min: 28, max: 45 });
export const weeksLater: fc.Arbitrary<WeeksLater> = fc.record({
  stragglers: fc.array(fc.record({ update: fc.nat({ max: 9 }), days: lateDay }), { maxLength: 4 }),
  updates: fc.array(
    fc
      .record({ said: update, day: lateDay })
      .map(({ said, day }) => ({ ...said, saidAt: day * DAY_SECONDS + said.saidAt })),
    { maxLength: 3 },
  ),
});
