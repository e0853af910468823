import { equalDn } from '../directory/dn.ts';
import { DUMB_OPTION, ENTRY_OPTIONS } from '../keystone-conf/legacy/legacy-entry-options.ts';
import { LDAP_BACKEND, treeOption, TREES } from '../keystone-conf/legacy/legacy-options.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { DEFAULT_SECTION, optionValue } from '../keystone-conf/document/option-value.ts';
import { readLegacyConf, type LegacyConf } from '../keystone-conf/legacy/read-legacy-conf.ts';
import type { LegacyConfStyle } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { optionPlace, optionSubject } from './option-place.ts';

/** What a keystone.conf says about LDAP, where it says enough to ask the directory. */
export interface ConfVerdict {
  readonly conf: LegacyConf | undefined;
  readonly findings: readonly Finding[];
}

const CONFIGURE = 'Run "keystone-ldap configure" on this file.';
const BY_HAND = 'Decide what that line is to say, and correct it by hand.';

/** Reads keystone.conf as the release does and says what keeps Keystone from using the directory. */
export function verifyConf(doc: ConfDocument, name: string, style: LegacyConfStyle): ConfVerdict {
  const reading = readLegacyConf(doc, style);
  if (reading.problems !== undefined)
    return {
      conf: undefined,
      findings: reading.problems.map(({ message, line }) => ({
        code: 'CONF_UNREADABLE_VALUE',
        severity: 'error',
        subject: line === undefined ? nameOf(doc) : `${nameOf(doc)}:${line}`,
        message,
        remedy: line === undefined ? CONFIGURE : BY_HAND,
      })),
    };
  const { conf } = reading;
  return {
    conf,
    findings: [
      ...backendFindings(doc, conf),
      ...entityFindings(doc, conf),
      ...hashFindings(doc, conf, style),
      ...treeFindings(doc, name, style),
      ...entryFindings(doc, name, { ...conf, ...style }),
    ],
  };
}

function backendFindings(doc: ConfDocument, { backends }: LegacyConf): Finding[] {
  const subject = `${nameOf(doc)}: [DEFAULT] backends`;
  const finding = (message: string): Finding => ({
    code: 'CONF_BACKENDS',
    severity: 'error',
    subject,
    message,
    remedy: CONFIGURE,
  });
  const blanks = backends.filter((name) => name !== name.trim());
  if (blanks.length > 0)
    return [
      finding(
        `"${blanks.join(',')}" has a blank, which becomes part of the module's name: Keystone does not start`,
      ),
    ];
  if (!backends.includes(LDAP_BACKEND))
    return [finding(`it does not name ${LDAP_BACKEND}: Keystone does not use LDAP`)];
  if (backends.at(-1) !== LDAP_BACKEND)
    return [
      finding(`${LDAP_BACKEND} is not the last: ${backends.at(-1) ?? ''} takes its entities over again`),
    ];
  return [];
}

/** Hashes, as `seed` and Keystone itself store them, fit no password then. */
function hashFindings(
  doc: ConfDocument,
  { hashesPasswords }: LegacyConf,
  { hashOption = '' }: LegacyConfStyle,
): Finding[] {
  if (hashesPasswords !== false) return [];
  const written = optionValue(doc, DEFAULT_SECTION, hashOption);
  return [
    {
      code: 'HASH_PASSWORD_OFF',
      severity: 'warning',
      subject: `${optionPlace(doc, DEFAULT_SECTION, hashOption)}: [DEFAULT] ${hashOption}`,
      message: `${written === undefined ? 'it is missing' : `it is ${written}`}: Keystone compares stored passwords as text, and a stored $6$ hash fits no password`,
      remedy: `Decide how passwords are stored: hashes need ${hashOption} = True in [DEFAULT], and clear text in userPassword needs it off.`,
    },
  ];
}

/** LDAP, being last, serves them anyway; what stays behind is unused tables. */
function entityFindings(doc: ConfDocument, { sqlEntities }: LegacyConf): Finding[] {
  const doubled = (sqlEntities ?? []).filter((entity) => SERVED_BY_LDAP.has(entity));
  const tokens: Finding[] =
    sqlEntities === undefined || sqlEntities.includes('Token')
      ? []
      : [
          {
            code: 'CONF_SQL_ENTITIES',
            severity: 'warning',
            subject: `${nameOf(doc)}: backend_entities`,
            message:
              'Token is not among what SQL stores; unless another backend stores tokens nobody can log in',
            remedy:
              'Decide what stores tokens: if SQL does, Token belongs into backend_entities of [keystone.backends.sqlalchemy].',
          },
        ];
  if (doubled.length === 0) return tokens;
  return [
    {
      code: 'CONF_SQL_ENTITIES',
      severity: 'warning',
      subject: `${nameOf(doc)}: backend_entities`,
      message: `SQL still lists ${doubled.join(', ')}, which LDAP serves`,
      remedy: CONFIGURE,
    },
    ...tokens,
  ];
}

/** essex-3 registers no option for the trees, and says nothing about those that it drops. */
function treeFindings(doc: ConfDocument, name: string, conf: LegacyConfStyle): Finding[] {
  if (conf.treeOptions) return [];
  return TREES.flatMap((tree): Finding[] => {
    const set = optionValue(doc, LDAP_BACKEND, treeOption(tree));
    if (set === undefined || equalDn(set, conf.defaultTrees[tree])) return [];
    return [
      {
        code: 'CONF_TREES',
        severity: 'error',
        subject: `${nameOf(doc)}: ${treeOption(tree)}`,
        message: `${name} does not read it, and looks for ${tree}s in ${conf.defaultTrees[tree]}`,
        remedy: `Decide between this tree and this release: it keeps ${tree}s in ${conf.defaultTrees[tree]}.`,
      },
    ];
  });
}

/** How entries are named and made: what the release reads of it, and what it does not. */
function entryFindings(
  doc: ConfDocument,
  name: string,
  { entryOptions, isDumbAUser }: Pick<LegacyConfStyle, 'entryOptions'> & Pick<LegacyConf, 'isDumbAUser'>,
): Finding[] {
  if (isDumbAUser)
    return [
      {
        code: 'CONF_OPTION',
        severity: 'error',
        subject: optionSubject(doc, LDAP_BACKEND, DUMB_OPTION),
        message:
          'it is empty, which alone is false: Keystone takes cn=dumb,dc=nonexistent for a user; listing the users of a tenant that has it ends in HTTP 500, and Keystone can create no tenant and no role',
        remedy: `Remove ${DUMB_OPTION}; by default Keystone passes over this member.`,
      },
    ];
  if (entryOptions) return [];
  return ENTRY_OPTIONS.filter((option) => optionValue(doc, LDAP_BACKEND, option) !== undefined).map(
    (option): Finding => ({
      code: 'CONF_OPTION',
      severity: 'warning',
      subject: optionSubject(doc, LDAP_BACKEND, option),
      message: `${name} does not read it, and works with its default`,
      remedy: `Remove ${option}, or decide on a release that reads it (2011.3 to January 2012).`,
    }),
  );
}

const SERVED_BY_LDAP = new Set(['Tenant', 'User', 'UserRoleAssociation']);

function nameOf({ file }: ConfDocument): string {
  return file ?? 'keystone.conf';
}
