import { generateKeyPairSync } from 'node:crypto';
import { signCertificate } from './x509.ts';

/** A certificate and its key, as PEM. */
export interface Material {
  readonly cert: string;
  readonly key: string;
}

export interface LeafTerms {
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Authority {
  /** PEM: a client that trusts it trusts what it issues. */
  readonly certificate: string;
  issue(terms: LeafTerms): Material;
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Long enough for every certificate a test or a switch may ask for, expired ones included. */
const notBefore = Date.UTC(2000, 0, 1);
const notAfter = Date.UTC(2049, 0, 1);

/** A certificate authority that lives as long as this process; its key exists nowhere else. */
export function newAuthority(): Authority {
  const issuer = { subject: 'runcloud-relay: certificates of this run', ...keyPair() };
  return {
    certificate: signCertificate({ ...issuer, issuer, notBefore, notAfter, use: 'ca' }),
    issue: ({ names, ...terms }) => {
      const { publicKey, privateKey } = keyPair();
      return {
        cert: signCertificate({ ...terms, subject: undefined, publicKey, issuer, use: { names } }),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

/** What nginx shows by default: a self-signed certificate for a name that no visitor asks for. */
export function selfSigned({ names, ...terms }: LeafTerms): Material {
  const issuer = { subject: names[0] ?? '', ...keyPair() };
  return {
    cert: signCertificate({ ...terms, ...issuer, issuer, use: { names } }),
    key: issuer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
