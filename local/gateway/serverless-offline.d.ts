/** The parts of serverless-offline in use here; the package brings no types. */
declare module 'serverless-offline' {
  import type { Server as HttpServer, IncomingMessage } from 'node:http';
  import type { OfflineOptions, OfflineServerless, OfflineUtils } from 'serverless-offline/shapes';

  export interface GatewayRequest {
    readonly raw: { readonly req: IncomingMessage };
    readonly headers: Record<string, string | string[] | undefined>;
    readonly route: { readonly path: string };
    readonly response: unknown;
  }

  export interface GatewayResponse {
    code(status: number): GatewayResponse;
    type(mime: string): GatewayResponse;
    takeover(): GatewayResponse;
  }

  export interface GatewayToolkit {
    readonly continue: symbol;
    response(payload: unknown): GatewayResponse;
  }

  export interface GatewayServer {
    readonly listener: HttpServer;
    ext(
      event: 'onRequest' | 'onPreResponse',
      method: (request: GatewayRequest, h: GatewayToolkit) => symbol | GatewayResponse,
    ): void;
    start(): Promise<void>;
  }

  export default class ServerlessOffline {
    constructor(serverless: OfflineServerless, options: OfflineOptions, utils: OfflineUtils);
    internals(): {
      mergeOptions(): void;
      getEvents(): { httpApiEvents: unknown[]; lambdas: unknown[] };
      createLambda(lambdas: unknown[], skipStart: boolean): Promise<void>;
      createHttp(events: unknown[], skipStart: boolean): Promise<void>;
      getApiGatewayServer(): GatewayServer;
    };
  }
}

declare module 'serverless-offline/lambda' {
  interface LambdaFunction {
    setEvent(event: unknown): void;
    runHandler(): Promise<unknown>;
  }

  export default class Lambda {
    get(functionKey: string): LambdaFunction;
  }
}

declare module 'serverless-offline/shapes' {
  export interface OfflineFunction {
    readonly name: string;
    readonly handler: string;
    readonly timeout: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly events: readonly unknown[];
  }

  export interface OfflineServerless {
    readonly service: {
      readonly service: string;
      readonly provider: Readonly<Record<string, unknown>>;
      readonly custom: Readonly<Record<string, unknown>>;
      readonly package: Readonly<Record<string, unknown>>;
      getAllFunctions(): string[];
      getFunction(key: string): OfflineFunction | undefined;
      getAllEventsInFunction(key: string): readonly unknown[];
    };
    readonly config: { readonly servicePath: string; readonly serverlessPath: string };
    readonly serviceDir: string;
  }

  export interface OfflineOptions {
    readonly host: string;
    readonly httpPort: number;
    readonly lambdaPort: number;
    readonly noSponsor: boolean;
    readonly disableCookieValidation: boolean;
  }

  type Log = (...updates: unknown[]) => void;

  export interface OfflineUtils {
    readonly log: Readonly<Record<'debug' | 'error' | 'info' | 'notice' | 'verbose' | 'warning', Log>>;
    readonly progress: { get(): undefined; notice(): void; remove(): void };
  }
}
