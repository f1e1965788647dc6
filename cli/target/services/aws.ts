export type AwsService = 'cloudformation' | 'cloudwatch' | 'dynamodb' | 'logs' | 'secrets-manager' | 'sqs';

/** Where the AWS that a relay lives in is reached, and the relay's own things in it. */
export interface Aws {
  /** The start of each network's secret name, with a slash at its end. */
  readonly secretPrefix: string;
  /** The start of each alarm's name, with a hyphen at its end. Undefined: there are no alarms here. */
  readonly alarmPrefix: string | undefined;
  /** The start of the name of each function's log group. */
  readonly logGroupPrefix: string;
  /** Where the functions reach RunCloud and look up names, as their own variables say. */
  readonly surroundings: {
    readonly RUNCLOUD_URL?: string | undefined;
    readonly DNS_SERVERS?: string | undefined;
  };
  /** Options for a client of the SDK. */
  client(service: AwsService): {
    readonly region?: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** An output of the stack, by its key. Throws where the stack is older than this output. */
  output(key: string): string;
  hasOutput(key: string): boolean;
}
