import { stat } from 'node:fs/promises';
import { readBytesIfPresent } from '../../files.ts';
import { connectionRules } from '../../releases/connection-rules.ts';
import type { Backend } from '../backend.ts';
import { holdsCertificate, usesTls } from '../connect-as-keystone.ts';
import type { Finding } from '../finding.ts';
import { optionSubject } from '../option-place.ts';
import type { SettingsCheck } from './check.ts';

/** With one of these errors Keystone does not even try to connect. */
export const tlsSettings: SettingsCheck = async function* (backend) {
  const { server } = backend;
  if (server.startTls) yield* startTlsSettings(backend);
  if (server.setsTls) yield* authorities(backend);
  yield* weakTls(backend);
};

/** The errors of the settings alone, with which there is no use in connecting. */
export async function impossibleTls(backend: Backend): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of tlsSettings(backend)) if (finding.severity === 'error') found.push(finding);
  return found;
}

function* startTlsSettings(backend: Backend): Generator<Finding> {
  yield* startTlsInTls(backend);
  yield* startTlsOnSocket(backend);
}

/** Keystone looks at the first characters of the whole list only. */
function* startTlsInTls({ server: { urls }, doc }: Backend): Generator<Finding> {
  const ldaps = urls.filter((url) => /^ldaps:/i.test(url));
  if (ldaps.length === 0) return;
  const subject = optionSubject(doc, 'ldap', 'use_tls');
  const one =
    'Decide which form all addresses are to have: ldap:// with use_tls = true, or ldaps:// with use_tls = false. With use_tls = false and ldap:// passwords would cross the network in clear.';
  if (/^ldaps:/i.test(urls[0] ?? ''))
    yield impossible(
      subject,
      `it cannot go with ${ldaps.join(', ')}`,
      ldaps.length === urls.length ? 'Set use_tls = false; ldaps:// has TLS from its start.' : one,
    );
  else
    yield {
      code: 'TLS_SETTINGS',
      severity: 'warning',
      subject,
      message: `Keystone starts TLS at every address, which fails at ${ldaps.join(', ')}: it cannot go on to it if ${urls[0] ?? ''} does not answer`,
      remedy: one,
    };
}

/** libldap cannot start TLS over a socket of the machine (2.5.13 to 2.6.14), whatever tls_req_cert is. A pool never goes on after StartTLS. */
function* startTlsOnSocket({ server: { urls, usesPool }, doc }: Backend): Generator<Finding> {
  const sockets = urls.filter((url) => /^ldapi:/i.test(url));
  if (sockets.length === 0) return;
  const isFirst = /^ldapi:/i.test(urls[0] ?? '') && (usesPool || urls.length === 1);
  const subject = optionSubject(doc, 'ldap', 'use_tls');
  const remedy =
    sockets.length === urls.length
      ? 'Set use_tls = false: what goes over ldapi:// does not leave the machine.'
      : 'Decide which form all addresses are to have: ldapi:// with use_tls = false, or ldap:// with use_tls = true.';
  if (isFirst) yield impossible(subject, `it cannot go with ${sockets.join(', ')}`, remedy);
  else
    yield {
      ...{ code: 'TLS_SETTINGS', severity: 'warning', subject, remedy },
      message: `Keystone starts TLS at every address, which fails at ${sockets.join(', ')}: that address is of no use`,
    };
}

async function* authorities({ server, doc, releaseName }: Backend): AsyncGenerator<Finding> {
  const { caFile, caDir } = server;
  if (caFile !== undefined) {
    const subject = optionSubject(doc, 'ldap', 'tls_cacertfile');
    const found = await kindOf(caFile);
    if (found !== 'file') yield impossible(subject, notThere(caFile, 'file', found), PUT_CA);
    else if (!holdsCertificate((await readBytesIfPresent(caFile))?.toString('latin1') ?? ''))
      yield server.checkCertificate
        ? impossible(subject, `${caFile} holds no certificate`, PUT_CA)
        : uselessCa(subject, caFile);
  } else if (caDir !== undefined) {
    const found = await kindOf(caDir);
    if (found !== 'folder')
      yield impossible(
        optionSubject(doc, 'ldap', 'tls_cacertdir'),
        notThere(caDir, 'folder', found),
        found === 'file' ? `${PUT_CA} The option for a file is tls_cacertfile.` : PUT_CA,
      );
  } else if (releaseName !== undefined && connectionRules(releaseName).caRequired)
    yield impossible(
      optionSubject(doc, 'ldap', 'tls_cacertfile'),
      'it is missing, and so is tls_cacertdir',
      'Decide which CA issued the certificate of the server, and name its file in tls_cacertfile.',
    );
}

type Kind = 'file' | 'folder' | 'other';

async function kindOf(path: string): Promise<Kind | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}

function notThere(path: string, wanted: 'file' | 'folder', found: Kind | undefined): string {
  return found === undefined ? `there is no ${wanted} ${path}` : `${path} is not a ${wanted}`;
}

function uselessCa(subject: string, caFile: string): Finding {
  return {
    ...{ code: 'TLS_SETTINGS', severity: 'warning', subject, remedy: PUT_CA },
    message: `${caFile} holds no certificate; Keystone connects with a libldap that uses GnuTLS, and not with one that uses OpenSSL`,
  };
}

const PUT_CA =
  'Decide which CA issued the certificate of the server: put its file there, or name another one.';

function impossible(subject: string, message: string, remedy: string): Finding {
  return {
    code: 'TLS_SETTINGS',
    severity: 'error',
    subject,
    message: `${message}; Keystone does not connect`,
    remedy,
  };
}

function* weakTls({ server, doc }: Backend): Generator<Finding> {
  if (usesTls(server) && !server.checkCertificate)
    yield {
      code: 'TLS_UNCHECKED',
      severity: 'warning',
      subject: optionSubject(doc, 'ldap', 'tls_req_cert'),
      message:
        'Keystone takes any certificate, and gives the passwords of all users to whoever stands between',
      remedy:
        'Decide which CA issued the certificate of the server: name its file in tls_cacertfile, then set tls_req_cert = demand. Without that CA Keystone would not connect.',
    };
  const open = server.startTls ? [] : server.urls.filter((url) => /^ldap:/i.test(url) && !LOOPBACK.test(url));
  if (open.length > 0)
    yield {
      code: 'IN_CLEAR',
      severity: 'warning',
      subject: optionSubject(doc, 'ldap', 'url'),
      message: `Keystone sends the passwords of all users unencrypted to ${open.join(', ')}`,
      remedy:
        'Decide how the server is to be reached: with use_tls = true, or with ldaps://, and its CA in tls_cacertfile.',
    };
}

const LOOPBACK = /^ldap:\/\/(?:localhost|127\.[\d.]+|\[::1\])?(?::\d+)?\/?$/i;
