import type { ReleaseName } from '../releases/catalogue.ts';
import { connectionRules } from '../releases/connection-rules.ts';
import { optionStatus } from '../releases/ldap-options.ts';
import type { ConfDocument } from './document.ts';
import { effectiveNamed } from './effective-option.ts';
import type { ModernConfSettings } from './modern-settings.ts';
import { optionStatusText } from './option-status-text.ts';

/** What keeps this release from connecting, or lets anybody in, with the edited file; each a sentence. */
export function connectionFaults(
  edited: ConfDocument,
  settings: ModernConfSettings,
  release: ReleaseName,
): readonly string[] {
  return [...tlsFaults(edited, settings, release), ...bindFaults(edited, release)];
}

function tlsFaults(
  edited: ConfDocument,
  { tls, urls }: ModernConfSettings,
  release: ReleaseName,
): readonly string[] {
  const status = optionStatus(release, 'use_tls');
  const ldaps = urls.filter((url) => /^ldaps:/i.test(url));
  const faults: string[] = [];
  if (tls.startTls && ldaps.length > 0)
    faults.push(`use_tls cannot go with ${ldaps.join(', ')}: that connection has TLS from its start.`);
  if (tls.startTls && status.status !== 'known')
    faults.push(`use_tls ${optionStatusText(status, release)}; use ldaps://.`);
  const needsCa = connectionRules(release).caRequired && (tls.startTls || ldaps.length > 0);
  if (needsCa && !isSet(edited, release, 'tls_cacertfile') && !isSet(edited, release, 'tls_cacertdir'))
    faults.push(`tls_cacertfile is missing: ${release} starts no TLS without it.`);
  return faults;
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
