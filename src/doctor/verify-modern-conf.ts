import { checkLdapOptions } from '../keystone-conf/check-ldap-options.ts';
import type { ConfDocument } from '../keystone-conf/document.ts';
import { readModernConf, type ModernConf } from '../keystone-conf/read-modern-conf.ts';
import type { CatalogueRelease } from '../releases/catalogue.ts';
import { modernRelease } from '../releases/modern.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';

/** What a keystone.conf of Essex or later says about LDAP, where it says enough to ask the directory. */
export interface ModernConfVerdict {
  readonly conf: ModernConf | undefined;
  /** The release as this file sets it up. */
  readonly release: Release;
  readonly trees: Trees | undefined;
  readonly findings: readonly Finding[];
}

/** Reads keystone.conf, or a domain's own file, as the release does. */
export function verifyModernConf(doc: ConfDocument, entry: CatalogueRelease): ModernConfVerdict {
  const file = doc.file ?? 'keystone.conf';
  const reading = readModernConf(doc, entry.name);
  if (reading.problems !== undefined) {
    const findings = reading.problems.map(({ message, line, file: where = file }): Finding => ({
      code: 'CONF_UNREADABLE_VALUE',
      severity: 'error',
      subject: line === undefined ? where : `${where}:${line}`,
      message,
      remedy: 'Correct the value; Keystone does not start with it.',
    }));
    return { conf: undefined, release: modernRelease(entry), trees: undefined, findings };
  }
  const { conf } = reading;
  const holding = conf.serves === 'all' ? 'all' : 'identity';
  const release = modernRelease(entry, { options: conf.options, holding });
  const findings = [...driverFindings(file, conf), ...optionFindings(doc, file, entry)];
  const isUsed = conf.serves !== 'nothing';
  return { conf: isUsed ? conf : undefined, release, trees: treesIn(conf, release), findings };
}

function driverFindings(file: string, { serves }: ModernConf): Finding[] {
  if (serves !== 'nothing') return [];
  return [
    {
      code: 'CONF_BACKENDS',
      severity: 'error',
      subject: `${file}: [identity] driver`,
      message: 'it is not LDAP, by this file or by default: Keystone does not ask the directory',
      remedy: 'Run "keystone-ldap configure" on this file.',
    },
  ];
}

function optionFindings(doc: ConfDocument, file: string, { name }: CatalogueRelease): Finding[] {
  return checkLdapOptions(doc, name).map(({ message, line, file: where = file }) => ({
    code: 'CONF_OPTION',
    severity: 'warning',
    subject: `${where}:${line}`,
    message,
    remedy: 'Correct or remove the option; Keystone does not complain of it.',
  }));
}

function treesIn({ trees }: ModernConf, { layout }: Release): Trees {
  return {
    user: trees.user,
    ...(layout.group && { group: trees.group }),
    ...(layout.tenant && { tenant: trees.project }),
    ...(layout.role && { role: trees.role }),
    ...(layout.domain && { domain: trees.domain }),
  };
}
