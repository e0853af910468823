import type { ReleaseName } from '../../releases/catalogue.ts';
import { connectionRules } from '../../releases/connection-rules.ts';
import { optionStatus } from '../../releases/ldap-options.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveNamed } from './effective-option.ts';
import { optionStatusText } from './option-status-text.ts';
import { optionValue } from '../document/option-value.ts';

/**
 * What keeps this release from connecting, or lets anybody in, with the edited file; each a sentence. What kept it from
 * connecting before is not among it.
 */
export function connectionFaults(
  edited: ConfDocument,
  before: ConfDocument,
  release: ReleaseName,
): readonly string[] {
  const known = tlsFaults(before, release);
  return [
    ...tlsFaults(edited, release).filter((fault) => !known.includes(fault)),
    ...bindFaults(edited, release),
  ];
}

function tlsFaults(doc: ConfDocument, release: ReleaseName): readonly string[] {
  const status = optionStatus(release, 'use_tls');
  const startTls = optionValue(doc, 'ldap', 'use_tls') !== undefined && startsTls(doc, release);
  const url = effectiveNamed(doc, release, 'url').value;
  const urls = (typeof url === 'string' ? url : '').split(/[\s,]+/);
  const ldaps = urls.filter((one) => /^ldaps:/i.test(one));
  const faults: string[] = [];
  if (startTls) faults.push(...NO_START_TLS.flatMap((one) => noStartTls(urls, one)));
  if (startTls && status.status !== 'known')
    faults.push(`use_tls ${optionStatusText(status, release)}; use ldaps://.`);
  const needsCa = connectionRules(release).caRequired && (startTls || ldaps.length > 0);
  if (needsCa && !isSet(doc, release, 'tls_cacertfile') && !isSet(doc, release, 'tls_cacertdir'))
    faults.push(`tls_cacertfile is missing: ${release} starts no TLS without it.`);
  return faults;
}

const NO_START_TLS = [
  { scheme: /^ldaps:/i, why: 'that connection has TLS from its start' },
  { scheme: /^ldapi:/i, why: 'libldap starts no TLS over a socket' },
];

function noStartTls(
  urls: readonly string[],
  { scheme, why }: (typeof NO_START_TLS)[number],
): readonly string[] {
  const found = urls.filter((url) => scheme.test(url));
  return found.length === 0 ? [] : [`use_tls cannot go with ${found.join(', ')}: ${why}.`];
}

/** Also where the release does not read the option, which the file has then in vain. */
function startsTls(doc: ConfDocument, release: ReleaseName): boolean {
  return (
    optionStatus(release, 'use_tls').status !== 'known' ||
    effectiveNamed(doc, release, 'use_tls').value === true
  );
}

function bindFaults(edited: ConfDocument, release: ReleaseName): readonly string[] {
  if (!connectionRules(release).emptyBindAuthenticates) return [];
  if (isSet(edited, release, 'user') && isSet(edited, release, 'password')) return [];
  return [
    `user and password are missing: without them, ${release} takes an empty password for the right one.`,
  ];
}

function isSet(doc: ConfDocument, release: ReleaseName, name: string): boolean {
  const { value } = effectiveNamed(doc, release, name);
  return value !== undefined && value !== '';
}
