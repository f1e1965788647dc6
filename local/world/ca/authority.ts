import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
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
  /** What `authorityOf` makes it from again. */
  readonly material: Material;
  issue(terms: LeafTerms): Material;
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Long enough for every certificate a test or a switch may ask for, expired ones included. */
const notBefore = Date.UTC(2000, 0, 1);
const notAfter = Date.UTC(2049, 0, 1);

const subject = 'runcloud-relay: certificates of this machine';

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** An authority with this certificate and key. */
export function authorityOf(material: Material): Authority {
  const privateKey = createPrivateKey(material.key);
  const issuer = { subject, privateKey, publicKey: createPublicKey(privateKey) };
  return {
    certificate: material.cert,
    material,
    issue: ({ names, ...terms }) => {
      const { publicKey, privateKey: key } = keyPair();
      return {
        cert: signCertificate({ ...terms, subject: undefined, publicKey, issuer, use: { names } }),
        key: pemOf(key),
      };
    },
  };
}

/** A new certificate authority. */
export function newAuthority(): Authority {
  const issuer = { subject, ...keyPair() };
  const cert = signCertificate({ ...issuer, issuer, notBefore, notAfter, use: 'ca' });
  return authorityOf({ cert, key: pemOf(issuer.privateKey) });
}

/** What nginx shows by default: a self-signed certificate for a name that no visitor asks for. */
export function selfSigned({ names, ...terms }: LeafTerms): Material {
  const issuer = { subject: names[0] ?? '', ...keyPair() };
  return {
    cert: signCertificate({ ...terms, ...issuer, issuer, use: { names } }),
    key: pemOf(issuer.privateKey),
  };
}
