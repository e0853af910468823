import type { Problem } from '../../errors.ts';
import { problemAt, type ConfDocument } from '../document/document.ts';
import { blocksOf, DEFAULT_SECTION, findOptions, optionText, optionValue } from '../document/option-value.ts';
import { parsePythonList, type ListItem } from './python-list.ts';

/** Sections are named after the backend modules that read them. */
export const SQL_BACKEND = 'keystone.backends.sqlalchemy';
export const LDAP_BACKEND = 'keystone.backends.ldap';
export const BACKEND_ENTITIES = 'backend_entities';

export const TREES = ['user', 'tenant', 'role'] as const;
export type TreeName = (typeof TREES)[number];

export function treeOption(tree: TreeName): string {
  return `${tree}_tree_dn`;
}

/** The value that the backend gets: the section's own, else that of `[DEFAULT]`. */
export function inheritedValue(doc: ConfDocument, section: string, option: string): string | undefined {
  return optionValue(doc, section, option) ?? optionValue(doc, DEFAULT_SECTION, option);
}

/** A backend's `backend_entities` as written, or what is wrong with it. */
export type Entities =
  | { readonly text: string; readonly items: readonly ListItem[]; readonly problem?: never }
  | { readonly problem: Problem; readonly items?: never };

/** `undefined` where the section does not say which entities the backend serves. */
export function readEntities(doc: ConfDocument, section: string): Entities | undefined {
  const text = optionText(doc, section, BACKEND_ENTITIES);
  const option = findOptions(doc, section, BACKEND_ENTITIES).at(-1);
  if (text === undefined || option === undefined) return undefined;
  const list = parsePythonList(text);
  if ('items' in list) return { text, items: list.items };
  const above = text.slice(0, list.offset).split('\n');
  const column = (above.length === 1 ? option.valueColumn : 0) + (above.at(-1)?.length ?? 0) + 1;
  const message = `[${section}] ${BACKEND_ENTITIES} is not a Python list of names: ${list.fault}`;
  return { problem: { ...problemAt(doc, option.line + above.length - 1, message), column } };
}

/** At the option's own line, or at its section's header, or at the file. */
export function problemOf(doc: ConfDocument, option: string, fault: string): Problem {
  const line =
    findOptions(doc, LDAP_BACKEND, option).at(-1)?.line ??
    findOptions(doc, DEFAULT_SECTION, option).at(-1)?.line ??
    blocksOf(doc, LDAP_BACKEND).at(-1)?.header;
  return problemAt(doc, line, `[${LDAP_BACKEND}] ${option} ${fault}.`);
}
