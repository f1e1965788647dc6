import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { portOf } from '../../support/http/port-of.ts';
import { paths } from './paths.ts';
import { clock, phpSettings, siteEnvironment } from './php.ts';

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface WebRequest {
  readonly method?: 'GET' | 'POST';
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A web process of a network: PHP's own server, one worker a request. */
export interface WebServer {
  readonly port: number;
  fetch(path: string, options?: WebRequest): Promise<WebAnswer>;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** `fetch` does not let a caller choose the Host header, which is what tells the sites of a network apart. */
async function ask(port: number, path: string, options: WebRequest): Promise<WebAnswer> {
  const { method = 'GET', host = 'network.example', headers = {}, body } = options;
  const call = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } });
  call.end(body);
  const [answer] = await once(call, 'response');
  answer.setEncoding('utf8');
  let text = '';
  for await (const part of answer) text += part;
  return { status: answer.statusCode, headers: answer.headers, body: text };
}

interface WebServerOptions {
  readonly workers?: number;
  readonly aheadSeconds?: number;
}

/** Undefined: PHP has ended, as it does where another program was faster to take the port. */
async function startOn(port: number, dir: string, options: WebServerOptions): Promise<WebServer | undefined> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    ...siteEnvironment(dir),
    ...clock(options.aheadSeconds ?? 0),
    PHP_CLI_SERVER_WORKERS: String(options.workers ?? 4),
  };
  const args = [...phpSettings, '-S', `127.0.0.1:${port}`, '-t', paths.core, join(paths.site, 'router.php')];
  // A group of its own: its workers outlive a server that is killed alone.
  const server = spawn('php', args, { env, stdio: 'ignore', detached: true });
  const closed = once(server, 'close');
  const isThere = () => server.exitCode === null;
  await eventually(() => isThere() && ask(port, '/wp-includes/version.txt', {}), { everyMs: 50 });
  if (!isThere()) return undefined;
  return {
    port,
    fetch: (path, request = {}) => ask(port, path, request),
    close: async () => {
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
      await closed;
    },
  };
}

export async function startWebServer(dir: string, options: WebServerOptions = {}): Promise<WebServer> {
  for (let attemptsLeft = 10; attemptsLeft > 0; attemptsLeft -= 1) {
    const started = await startOn(await freePort(), dir, options);
    if (started !== undefined) return started;
  }
  throw new Error("PHP's own server does not start");
}
