import { BASE_MS, NOW } from '../../../support/sync/items.ts';

export const at = { now: NOW, baseMs: BASE_MS };

export const older = { timestamp: '2026-11-21T04:59:59.999Z', id: 'msg_9' };
