import { BadUsage } from '../errors.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import type { Target } from './target.ts';

const HOW = '--local, --stage <name> or --url <address>';

/** The relay that the options name; without any, the one that runs on this machine. */
export async function findTarget(options: GlobalOptions, io: Pick<Io, 'env'>): Promise<Target> {
  const { local, stage, url } = options;
  if (stage !== undefined && (local || url !== undefined)) throw new BadUsage(`Name one relay: ${HOW}.`);
  if (stage !== undefined) {
    const { stageTarget } = await import('./stage.ts');
    return stageTarget(stage, options.region, io.env);
  }
  if (url !== undefined && !local) {
    const { urlTarget } = await import('./url.ts');
    return urlTarget(url, io.env);
  }
  const { runningRelays, localTarget } = await import('./local.ts');
  const running = runningRelays();
  if (!local && running.length === 0) {
    throw new BadUsage(
      'No relay runs on this machine: run npm start in another terminal, or name one with --stage <name> or --url <address>.',
    );
  }
  return localTarget(running, url);
}
