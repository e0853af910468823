import { isDn } from '../directory/dn.ts';
import { isAttributeName, libldapFilter } from '../directory/libldap-filter.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { findOptions } from '../keystone-conf/document/option-value.ts';
import type { ReleaseName } from '../releases/catalogue.ts';
import { treeOptionOf, type TreeKind } from '../releases/default-trees.ts';
import { kindsIn, layoutOf, treeOf } from '../releases/layout-of.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import { optionNameIn } from '../releases/ldap-options.ts';
import type { EntryKind, EntryLayout, Layout, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { optionPlace, optionSubject } from './option-place.ts';

/** An option with which no search for entries of this kind is possible. */
export interface SearchFault {
  readonly kind: EntryKind;
  readonly finding: Finding;
}

interface SearchSettings {
  readonly doc: ConfDocument;
  readonly releaseName: ReleaseName;
  readonly layout: Layout;
  readonly trees: Trees;
}

/**
 * The trees that are not DNs, and what makes filters that libldap refuses: Keystone fails at every search of that kind.
 */
export function searchFaults(settings: SearchSettings): readonly SearchFault[] {
  return kindsIn(settings.trees).flatMap((kind) => {
    const fault = treeFault(kind, settings) ?? filterFault(kind, settings) ?? idFault(kind, settings);
    return fault === undefined ? [] : [{ kind, finding: fault }];
  });
}

function treeFault(kind: EntryKind, { doc, releaseName, trees }: SearchSettings): Finding | undefined {
  const dn = treeOf(trees, kind);
  if (isDn(dn)) return undefined;
  const own = treeOptionOf(releaseName, optionKind(kind));
  const option = findOptions(doc, 'ldap', own).length > 0 ? own : 'suffix';
  const plain = dn.replace(/^[\s"'“”„‘’«»]+|[\s"'“”„‘’«»]+$/gu, '');
  return unusable(doc, option, {
    message: `"${dn}" is not a DN; listing ${kind}s ends in HTTP 500`,
    remedy:
      option === own && plain !== dn && isDn(plain)
        ? `Set ${option} = ${plain}; oslo.config removes no quotation marks but " and '.`
        : `Correct ${option}: decide which entry holds the ${kind}s.`,
  });
}

function filterFault(kind: EntryKind, { doc, releaseName, layout }: SearchSettings): Finding | undefined {
  const { marker, filter = '' } = layoutOf(layout, kind);
  const why = faultOf(filter, marker);
  if (why === undefined) return undefined;
  const name = faultOf(filter, 'top') === undefined ? 'objectclass' : 'filter';
  const option = optionNameIn(releaseName, `${optionKind(kind)}_${name}`);
  const value = name === 'filter' ? filter : marker;
  const bracketed = `(${value})`;
  const mendsIt = name === 'filter' && value.includes('=') && faultOf(bracketed, 'top') === undefined;
  return unusable(doc, option, {
    message: `"${value}" makes a filter that libldap refuses: ${mendsIt ? 'it needs parentheses' : why}; every list and login of ${kind}s ends in HTTP 500`,
    remedy: mendsIt
      ? `Set ${option} = ${bracketed}.`
      : `Correct ${option}, or remove it: decide which ${kind}s Keystone is to see.`,
  });
}

/** From Liberty on a list asks for entries that have an id. */
function idFault(kind: EntryKind, { doc, releaseName, layout }: SearchSettings): Finding | undefined {
  const { rdn } = layoutOf(layout, kind);
  if (layout.entryWithoutId !== 'left out' || isAttributeName(rdn)) return undefined;
  const option = optionNameIn(releaseName, `${optionKind(kind)}_id_attribute`);
  return unusable(doc, option, {
    message: `"${rdn}" is not the name of one attribute, so that libldap refuses the filter; ${kind === 'group' ? 'every list of groups and every login to a project' : `every list and login of ${kind}s`} ends in HTTP 500`,
    remedy: `Correct ${option}: decide which attribute holds the ids of ${kind}s.`,
  });
}

/** Options whose value is no name of an attribute, with their lines: a filter with one ends in HTTP 500. */
export function misnamedAttributes(doc: ConfDocument, options: LdapSettings): string | undefined {
  const found = SEARCHED_BY.filter((option) => {
    const value = options[option];
    return typeof value === 'string' && !isAttributeName(value);
  });
  return found.length === 0
    ? undefined
    : `${found.map((option) => optionSubject(doc, 'ldap', option)).join('; ')}: not the name of one attribute`;
}

/** By these Keystone looks for one user, and for the groups of a user. */
const SEARCHED_BY = ['user_name_attribute', 'group_member_attribute'];

function faultOf(filter: string, marker: EntryLayout['marker']): string | undefined {
  try {
    libldapFilter(`(&${filter}(objectClass=${marker}))`);
    return undefined;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    return error.message.replace(/^.* is not a filter: /s, '').replace(/\.$/, '');
  }
}

function unusable(
  doc: ConfDocument,
  option: string,
  { message, remedy }: Pick<Finding, 'message' | 'remedy'>,
): Finding {
  return {
    code: 'CONF_UNREADABLE_VALUE',
    severity: 'error',
    subject: optionPlace(doc, 'ldap', option),
    message: `[ldap] ${option}: ${message}`,
    remedy,
  };
}

/** What the options call the kind. */
const optionKind = (kind: EntryKind): TreeKind => (kind === 'tenant' ? 'project' : kind);
