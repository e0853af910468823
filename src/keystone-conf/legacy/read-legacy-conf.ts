import type { Problem } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { ConfDocument } from '../document/document.ts';
import { readEntryOptions, type EntryOptions } from './legacy-entry-options.ts';
import {
  inheritedValue,
  LDAP_BACKEND,
  problemOf,
  readEntities,
  SQL_BACKEND,
  treeOption,
  type TreeName,
} from './legacy-options.ts';
import type { LegacyConfStyle } from './legacy-settings.ts';
import { readHashOption } from './hash-option.ts';
import { readLegacyValue, type LegacyValue } from './legacy-value.ts';
import { DEFAULT_SECTION, optionValue } from '../document/option-value.ts';

/** What a 2011 release takes from keystone.conf. */
export interface LegacyConf extends Omit<EntryOptions, 'problems'> {
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  /** Whether Keystone hashes passwords; `undefined` for a release of which no option decides that. */
  readonly hashesPasswords: boolean | undefined;
  /** With the defaults of the code where the file says nothing, or says it in vain. */
  readonly trees: Readonly<Record<TreeName, string>>;
  /** Split at commas like Keystone does: a blank that it would choke on is still there. */
  readonly backends: readonly string[];
  /** The entities that SQL serves; `undefined` where the file does not say. */
  readonly sqlEntities: readonly string[] | undefined;
}

export type LegacyConfReading =
  { readonly conf: LegacyConf; readonly problems?: never } | { readonly problems: readonly Problem[] };

/** Reads keystone.conf as the release does, `%` and `$` included. */
export function readLegacyConf(doc: ConfDocument, style: LegacyConfStyle): LegacyConfReading {
  if (doc.problems.length > 0) return { problems: doc.problems };
  const problems: Problem[] = [];
  const read = (option: string, byDefault?: string): string => {
    const result = readOption(doc, option, style) ?? { value: byDefault };
    if ('fault' in result) problems.push(problemOf(doc, option, result.fault));
    else if (result.value !== undefined) return result.value;
    else problems.push(problemOf(doc, option, 'is missing'));
    return '';
  };
  const readTree = (tree: TreeName): string => {
    const byDefault = style.defaultTrees[tree];
    return style.treeOptions ? read(treeOption(tree), byDefault) : byDefault;
  };
  const entities = readEntities(doc, SQL_BACKEND);
  if (entities?.problem !== undefined) problems.push(entities.problem);
  const { problems: ofEntries, ...entries } = readEntryOptions(doc, style);
  problems.push(...ofEntries);
  const hash = readHashOption(doc, style);
  if (hash?.fault !== undefined) problems.push(hash.fault);
  const conf: LegacyConf = {
    ...entries,
    hashesPasswords: hash?.isOn,
    url: read('ldap_url'),
    user: read('ldap_user'),
    password: new Secret(read('ldap_password')),
    trees: { user: readTree('user'), tenant: readTree('tenant'), role: readTree('role') },
    backends: optionValue(doc, DEFAULT_SECTION, 'backends')?.split(',') ?? [],
    sqlEntities: entities?.items?.map(({ value }) => value),
  };
  return problems.length > 0 ? { problems } : { conf };
}

function readOption(doc: ConfDocument, option: string, style: LegacyConfStyle): LegacyValue | undefined {
  const written = inheritedValue(doc, LDAP_BACKEND, option);
  return written === undefined ? undefined : readLegacyValue(written, style.interpolation);
}
