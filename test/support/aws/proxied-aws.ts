import type { Aws } from '../../../cli/target/services/aws.ts';
import { type FaultyProxy, startFaultyProxy } from '../http/faulty-proxy.ts';

/** An AWS as the command line reaches it, behind a proxy that spoils the chosen calls. The proxy is to be closed. */
export async function proxiedAws(
  endpoint: string | Promise<string>,
  { secretPrefix = '', ledger }: { readonly secretPrefix?: string; readonly ledger?: string } = {},
): Promise<{ aws: Aws; proxy: FaultyProxy }> {
  const proxy = await startFaultyProxy(endpoint);
  const aws: Aws = {
    secretPrefix,
    alarmPrefix: undefined,
    logGroupPrefix: '',
    surroundings: {},
    client: () => ({
      endpoint: proxy.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
    output: () => ledger ?? '',
    hasOutput: () => ledger !== undefined,
  };
  return { aws, proxy };
}
