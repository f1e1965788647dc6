import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { paths } from './paths.ts';
import { type Evaluation, evaluate, type PhpProcess } from './php.ts';
import { copyNetwork, installNetwork, sqliteTemplate } from './template.ts';

/** Constants of wp-config.php. */
export type Constants = Readonly<Record<string, string | number | boolean>>;

/** A WordPress network, driven from a test. */
export interface Site {
  readonly dir: string;
  /** Runs PHP in a process of its own inside the network; what it returns. */
  php(code: string, options?: Omit<Evaluation, 'code'>): Promise<unknown>;
  /** The same, to be killed while it runs. */
  start(code: string, options?: Omit<Evaluation, 'code'>): PhpProcess;
  /** Runs what is due in a second's time: WP-Cron on the main site, as wp-cron.php does, and Action Scheduler's queue. */
  cron(options?: Pick<Evaluation, 'aheadSeconds' | 'host' | 'phpVersion'>): Promise<void>;
  /** Changes wp-config.php. Undefined takes a constant out. */
  configure(changes: Readonly<Record<string, Constants[string] | undefined>>): Promise<void>;
  activate(plugin: string): Promise<void>;
  /** What PHP has logged (warnings, errors, error_log) but for WordPress's own complaints about new PHP and no internet. */
  log(): Promise<string>;
  close(): Promise<void>;
}

const dueEvents = `
  foreach ( wp_get_ready_cron_jobs() as $at => $hooks ) {
    foreach ( $hooks as $hook => $jobs ) {
      foreach ( $jobs as $job ) {
        if ( $job['schedule'] ) wp_reschedule_event( $at, $job['schedule'], $hook, $job['args'] );
        wp_unschedule_event( $at, $hook, $job['args'] );
        do_action_ref_array( $hook, $job['args'] );
      }
    }
  }
  if ( class_exists( 'ActionScheduler_QueueRunner' ) ) ActionScheduler_QueueRunner::instance()->run();`;

/** A network of its own, with nothing active. To be closed. */
export async function createSite(database?: Database): Promise<Site> {
  const parent = await mkdtemp(join(tmpdir(), 'network-'));
  const dir = join(parent, 'site');
  if (database === undefined) await copyNetwork(await sqliteTemplate(), dir);
  else await installNetwork(dir, database);

  const constantsFile = join(dir, 'constants.json');
  const readConstants = async (): Promise<object> => JSON.parse(await readFile(constantsFile, 'utf8'));
  const start: Site['start'] = (code, options) => evaluate(dir, { ...options, code });
  const php: Site['php'] = (code, options) => start(code, options).returned;

  return {
    dir,
    start,
    php,
    cron: async (options) => {
      await php(dueEvents, { aheadSeconds: 1, ...options, constants: { DOING_CRON: true } });
    },
    configure: async (changes) => {
      await writeFile(constantsFile, JSON.stringify({ ...(await readConstants()), ...changes }));
    },
    activate: async (plugin) => {
      const code = `require_once ABSPATH . 'wp-admin/includes/plugin.php';
        return activate_plugin( $args['plugin'], '', true );`;
      const error = await php(code, { args: { plugin }, user: 1 });
      if (error !== null) throw new Error(`${plugin} cannot be activated: ${JSON.stringify(error)}`);
    },
    log: async () => {
      const file = join(dir, 'php.log');
      const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
      return lines.filter((line) => !line.includes(`${paths.core}/wp-includes/`)).join('\n');
    },
    close: () => rm(parent, { recursive: true, force: true }),
  };
}
