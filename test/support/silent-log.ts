import { createLog } from '../../lib/log.ts';

/** For tests that look at something else. */
export const silentLog = createLog({ service: 'test', level: 'SILENT' });
