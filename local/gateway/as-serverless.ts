import type { OfflineServerless } from 'serverless-offline/shapes';
import type { GatewaySettings } from './messages.ts';

/** The resolved service in the form in which osls hands it to its plugins. */
export const asServerless = ({
  service,
  provider,
  functions,
  codeDir,
}: GatewaySettings): OfflineServerless => ({
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
});
