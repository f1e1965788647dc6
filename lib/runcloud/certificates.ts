import { isIP } from 'node:net';
import type { App, CertificateHosting } from '../sync/ledger/runcloud-ports.ts';
import { certificateOrigin } from './certificate-origin.ts';
import type { RuncloudClient } from './client.ts';
import { readServer } from './server.ts';
import { findSsl, installSsl, readSslMode, redeploySsl, type SslOwner } from './ssl.ts';

/** The certificates of one web application, over HTTP. */
export function runcloudCertificates(client: RuncloudClient, app: App): CertificateHosting {
  const ownerOf = (domainId: number | undefined): SslOwner =>
    domainId === undefined ? app : { ...app, domainId };
  return {
    mode: () => readSslMode(client, app),
    find: async (domainId) => {
      const ssl = await findSsl(client, ownerOf(domainId));
      return ssl && { id: ssl.id, origin: certificateOrigin(ssl) };
    },
    // The answer is ignored: only a handshake proves a certificate.
    install: async (domainId) => {
      await installSsl(client, ownerOf(domainId));
    },
    redeploy: async (sslId, domainId) =>
      (await redeploySsl(client, ownerOf(domainId), sslId)) === 'gone' ? 'gone' : 'ordered',
    serverAddress: async () => {
      const { ipAddress } = await readServer(client, app.serverId);
      return ipAddress === undefined || isIP(ipAddress) === 0 ? undefined : ipAddress;
    },
  };
}
