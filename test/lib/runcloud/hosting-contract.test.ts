import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import { hostingContract } from '../../contracts/hosting.contract.ts';
import { clientOf, ids, legacy, runcloudWorld } from '../../support/runcloud/runcloud.ts';

hostingContract('RunCloud over HTTP, API v3', async (domains) => {
  const runcloud = await runcloudWorld({ app: { domains } });
  return { hosting: runcloudHosting(clientOf(runcloud), ids), close: runcloud.close };
});

hostingContract('RunCloud over HTTP, API v2 with the legacy pair', async (domains) => {
  const runcloud = await runcloudWorld({ app: { domains } });
  const client = clientOf(runcloud, { credential: { api: 'v2', ...legacy } });
  return { hosting: runcloudHosting(client, ids), close: runcloud.close };
});
