import type { OfflineServerless } from 'serverless-offline/shapes';
import type { GatewaySettings } from './messages.ts';

/** The resolved service in the form in which osls hands it to its plugins. */
export function asServerless({ service, provider, functions, codeDir }: GatewaySettings): OfflineServerless {
  return {
    service: {
      service,
      provider,
      custom: {},
      package: {},
      getAllFunctions: () => Object.keys(functions),
      getFunction: (key) => functions[key],
      getAllEventsInFunction: (key) => functions[key]?.events ?? [],
    },
    config: { servicePath: codeDir, serverlessPath: codeDir },
    serviceDir: codeDir,
  };
}
