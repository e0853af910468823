import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { machineName } from '../machine-name.ts';
import { bits, der, octets, oid, sequence, utcTime } from './der.ts';
import type { SandboxTls } from './sandbox-tls.ts';

/** PEM texts. */
interface PrivateCa {
  readonly ca: string;
  readonly issue: (options?: CertificateOptions) => { readonly certificate: string; readonly key: string };
}

interface CertificateOptions {
  /** IPv4 addresses and DNS names that the certificate is for; by default 127.0.0.1, ::1 and localhost. */
  readonly names?: readonly string[];
  /** Further ones besides those. */
  readonly besides?: readonly string[];
  /** By default localhost. */
  readonly commonName?: string;
  /** How long it is valid, 365 by default; below 0 it has expired. */
  readonly days?: number;
}

/**
 * A CA that signs one certificate, for 127.0.0.1, ::1, localhost and the name of this machine, for which libldap asks in place of
 * localhost, as PEM files in the folder; its key is not kept.
 */
export async function createPrivateCa(dir: string): Promise<SandboxTls & { readonly ca: string }> {
  const { ca, issue } = newPrivateCa();
  const { certificate, key } = issue({ besides: [await machineName()] });
  const paths = {
    ca: join(dir, 'ca.pem'),
    certificate: join(dir, 'server.pem'),
    key: join(dir, 'server.key'),
  };
  await writeFile(paths.ca, ca, { mode: 0o600 });
  await writeFile(paths.certificate, certificate, { mode: 0o600 });
  await writeFile(paths.key, key, { mode: 0o600 });
  return paths;
}

/** Node reads certificates and makes none, and openssl is missing in many an image. */
export function newPrivateCa(): PrivateCa {
  const ca = newParty('keystone-ldap sandbox CA');
  return {
    ca: pem(certificate(ca, ca, { extensions: CA_EXTENSIONS, days: VALID_DAYS })),
    issue: ({ names, besides = [], commonName = 'localhost', days = VALID_DAYS } = {}) => {
      const server = newParty(commonName);
      const all = [...(names?.map(generalName) ?? LOOPBACK_NAMES), ...besides.map(generalName)];
      const extensions = [...SERVER_EXTENSIONS, subjectAltName(all)];
      return {
        certificate: pem(certificate(server, ca, { extensions, days })),
        key: server.key.export({ format: 'pem', type: 'pkcs8' }).toString(),
      };
    },
  };
}

interface Party {
  readonly name: string;
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
}

const DAY_MS = 86_400_000;
/** A detached server may be a long-lived one; clocks of containers may lag behind. */
const VALID_DAYS = 365;

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const TRUE = der(0x01, Buffer.from([0xff]));

function newParty(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { name, key: privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }) };
}

/** RFC 5280 section 4.1: what is signed, by what, and the signature. */
function certificate(
  subject: Party,
  issuer: Party,
  { extensions, days }: { readonly extensions: readonly Buffer[]; readonly days: number },
): Buffer {
  const now = Date.now();
  const end = now + days * DAY_MS;
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])), // a positive serial number
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    sequence(utcTime(new Date(Math.min(now, end) - DAY_MS)), utcTime(new Date(end))),
    distinguishedName(subject.name),
    subject.publicKey,
    der(0xa3, sequence(...extensions, ...keyIdentifiers(subject, issuer))),
  );
  return sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, issuer.key)));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

/** Strict verifiers, as Python 3.13's, want both. */
function keyIdentifiers(subject: Party, issuer: Party): readonly Buffer[] {
  const id = ({ publicKey }: Party): Buffer => createHash('sha1').update(publicKey).digest();
  return [
    extension('2.5.29.14', octets(id(subject))),
    extension('2.5.29.35', sequence(der(0x80, id(issuer)))),
  ];
}

const CA_EXTENSIONS = [
  extension('2.5.29.19', sequence(TRUE), true), // basicConstraints: a CA
  extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true), // keyUsage: keyCertSign, cRLSign
];

const SERVER_EXTENSIONS = [
  extension('2.5.29.19', sequence(), true),
  extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true), // digitalSignature
  extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), // serverAuth
];

const LOOPBACK_NAMES = [
  generalName('127.0.0.1'),
  der(0x87, Buffer.from([...Array.from({ length: 15 }, () => 0), 1])), // ::1
  generalName('localhost'),
];

function subjectAltName(names: readonly Buffer[]): Buffer {
  return extension('2.5.29.17', sequence(...names));
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
