import type { Scenario } from '../../scenario.ts';

/** No worker manages certificates, and the history ends once all work is done: a second plays many of them. */
export const SHORT: Partial<Scenario> = { ssl: null, weeksLater: null };

export const CALM: Partial<Scenario> = { incident: null, movesAt: null, weeksLater: null };

/** No operator interferes, no name is protected, and RunCloud refuses none. */
export const UNDISTURBED: Partial<Scenario> = { operatorActions: [], protects: null, refuses: null };
