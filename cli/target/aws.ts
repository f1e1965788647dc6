export type AwsService = 'cloudformation' | 'cloudwatch' | 'dynamodb' | 'logs' | 'secrets-manager' | 'sqs';

/** Where the AWS that a relay lives in is reached, and the relay's own things in it. */
export interface Aws {
  /** The start of each network's secret name, with a slash at its end. */
  readonly secretPrefix: string;
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
