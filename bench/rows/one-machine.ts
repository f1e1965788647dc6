import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeNetwork } from '../../test/support/runcloud/place-network.ts';
import { addsTook } from '../one-machine/adds.ts';
import { npmStart } from '../one-machine/npm-start.ts';
import type { Measure } from '../row.ts';

const warmUp = 50;
/** ONE_MACHINE_EVENTS=20000 takes long. What each event leaves behind, the soak counts in every gate. */
const events = Number(process.env.ONE_MACHINE_EVENTS ?? 300);
const goalASecond = 20;
/** Those of a small machine. */
const cores = 2;
const mostMebibytes = 600;
const mebibyte = 2 ** 20;

/** `npm start` under a burst of adds, where RunCloud sets no limit that it could reach. */
export const measure: Measure = async () => {
  const networks = ['north', 'south', 'west'].map((name, index) =>
    placeNetwork(name, { secret: { ADDITIONS_PER_HOUR: '0' } }, index),
  );
  const dir = await mkdtemp(join(tmpdir(), 'bench-one-machine-'));
  const SECRETS_FILE = join(dir, 'secrets.json');
  const secrets = Object.fromEntries(networks.map(({ name, secret }) => [name, secret]));
  await writeFile(SECRETS_FILE, JSON.stringify(secrets));
  const started = await npmStart({
    SECRETS_FILE,
    RUNCLOUD_CALLS_PER_MINUTE: '600000',
    CERTIFICATE_RETRY_BASE_SECONDS: '3600',
  });
  try {
    const { url, runcloudUrl = '' } = started.announced;
    const target = { url, runcloudUrl, networks };
    await addsTook(warmUp, target, 'warm');
    const cpuBefore = await started.cpuSeconds();
    const seconds = (await addsTook(events, target, 'shop')) / 1_000;
    const cpuSeconds = (await started.cpuSeconds()) - cpuBefore;
    const last = await started.rssBytes();
    const most = Math.max(last, started.mostRssBytes());
    return [
      {
        measure: `one machine: ${goalASecond} adds a second ÷ adds a second to RunCloud`,
        value: (goalASecond * seconds) / events,
        goal: 1,
        unit: 'ratio',
        limit: {
          bound: 8,
          why: 'functions and emulators share the cores of this machine with all that runs there',
        },
      },
      {
        measure: `one machine: ${goalASecond} adds a second ÷ those that ${cores} cores have time for`,
        value: (goalASecond * cpuSeconds) / (cores * events),
        goal: 1,
        unit: 'ratio',
        limit: { bound: 1.6, why: 'a third of an add are the emulators of AWS' },
      },
      {
        measure: `one machine: MiB of npm start after ${warmUp + events} events`,
        value: last / mebibyte,
        goal: mostMebibytes,
        unit: 'count',
      },
      {
        measure: `one machine: most MiB of npm start during ${warmUp + events} events`,
        value: most / mebibyte,
        goal: mostMebibytes,
        unit: 'count',
      },
    ];
  } finally {
    await started.close();
    await rm(dir, { recursive: true });
  }
};
