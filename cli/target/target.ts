import type { Credentials } from './secrets/credentials.ts';
import type { Aws } from './services/aws.ts';

/** A relay that the command line can reach. */
export interface Target {
  /** For messages: "the relay on this machine". */
  readonly label: string;
  readonly url: string;
  /** There is only an address: `aws` refuses. */
  readonly isAddressOnly: boolean;
  /** Undefined: there is no way to know. */
  networks(): Promise<readonly string[] | undefined>;
  credentials(network: string): Promise<Credentials>;
  /** What lies around the relay. Refused where there is only an address. */
  aws(): Promise<Aws>;
}
