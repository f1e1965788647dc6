import type { Aws } from '../../../cli/target/services/aws.ts';

/** What the command line knows of a stage whose AWS answers at `endpoint`. */
export function awsAt(endpoint: string): Aws {
  return {
    secretPrefix: 'runcloud-relay/test/',
    alarmPrefix: 'runcloud-relay-test-',
    logGroupPrefix: '/aws/lambda/runcloud-relay-test-',
    surroundings: {},
    client: () => ({
      region: 'eu-west-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    hasOutput: () => true,
    output: (key) => key,
  };
}
