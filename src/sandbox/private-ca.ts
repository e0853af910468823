import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bits, der, octets, oid, sequence, utcTime } from './der.ts';
import type { SandboxTls } from './start-sandbox.ts';

/**
 * Makes a CA that signs one certificate, for 127.0.0.1, ::1 and localhost, as PEM files in the folder; the CA's key is
 * not kept. Node reads certificates and makes none, and openssl is missing in many an image.
 */
export async function createPrivateCa(dir: string): Promise<SandboxTls> {
  const [ca, server] = [newParty('keystone-ldap sandbox CA'), newParty('localhost')];
  const files = {
    ca: [join(dir, 'ca.pem'), pem(certificate(ca, ca, CA_EXTENSIONS))],
    certificate: [join(dir, 'server.pem'), pem(certificate(server, ca, SERVER_EXTENSIONS))],
    key: [join(dir, 'server.key'), server.key.export({ format: 'pem', type: 'pkcs8' }).toString()],
  } as const;
  for (const [path, text] of Object.values(files)) await writeFile(path, text, { mode: 0o600 });
  return { ca: files.ca[0], certificate: files.certificate[0], key: files.key[0] };
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
function certificate(subject: Party, issuer: Party, extensions: readonly Buffer[]): Buffer {
  const now = Date.now();
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])), // a positive serial number
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + VALID_DAYS * DAY_MS))),
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
  extension(
    '2.5.29.17',
    sequence(
      der(0x87, Buffer.from([127, 0, 0, 1])),
      der(0x87, Buffer.from([...Array.from({ length: 15 }, () => 0), 1])),
      der(0x82, Buffer.from('localhost')),
    ),
  ),
];

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
