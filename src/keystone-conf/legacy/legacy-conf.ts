import { KeystoneLdapError } from '../../errors.ts';
import { applyEdits, optionEdit, type ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import type { KeptSetting } from '../kept-setting.ts';
import { BACKEND_ENTITIES, LDAP_BACKEND, readEntities, SQL_BACKEND } from './legacy-options.ts';
import { ldapOptions, type LegacyConfSettings, type LegacyConfStyle } from './legacy-settings.ts';
import { DEFAULT_SECTION, optionValue } from '../document/option-value.ts';
import { removeListItems } from '../document/remove-list-items.ts';

export interface LegacyConfPlan {
  /** Empty where nothing is left to do. */
  readonly edits: readonly ConfEdit[];
  readonly kept: readonly KeptSetting[];
  readonly notes: readonly LegacyConfNote[];
}

/** Something that the edited file leaves to the operator. */
export interface LegacyConfNote {
  readonly code: 'NO_TOKEN_STORE';
  readonly message: string;
}

/**
 * The edit that lets Keystone find tenants, users and roles in LDAP: LDAP last in `backends`, because a later
 * backend takes over from an earlier one; its entities out of SQL's list; a section with what it must know.
 * @throws `INPUT_INVALID` for settings that this release could not read back, `CONF_INVALID`
 */
export function legacyConfEdits(
  doc: ConfDocument,
  settings: LegacyConfSettings,
  style: LegacyConfStyle,
): LegacyConfPlan {
  const { written, kept } = ldapOptions(doc, settings, style);
  const edits = [
    backendsEdit(doc),
    entitiesEdit(doc, settings.moveToken),
    ...written.map(({ option, value }) => optionEdit(doc, LDAP_BACKEND, option, value)),
  ].filter((edit) => edit !== undefined);
  return { edits, kept, notes: notesOn(applyEdits(doc, edits)) };
}

/** `backends` is split at commas without trimming: a blank beside one would be part of a module's name. */
function backendsEdit(doc: ConfDocument): ConfEdit | undefined {
  const others = backendsOf(doc).filter((name) => name !== LDAP_BACKEND);
  return optionEdit(doc, DEFAULT_SECTION, 'backends', [...others, LDAP_BACKEND].join(','));
}

function backendsOf(doc: ConfDocument): readonly string[] {
  const written = optionValue(doc, DEFAULT_SECTION, 'backends') ?? '';
  const names = written
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? [SQL_BACKEND] : names;
}

/** Role stays in SQL's list although LDAP serves it: that only leaves a table without use. */
function entitiesEdit(doc: ConfDocument, moveToken: boolean): ConfEdit | undefined {
  const entities = readEntities(doc, SQL_BACKEND);
  if (entities === undefined) return undefined;
  if (entities.problem !== undefined)
    throw new KeystoneLdapError(
      'CONF_INVALID',
      `[${SQL_BACKEND}] ${BACKEND_ENTITIES} of ${doc.file ?? 'the configuration'} cannot be read.`,
      { problems: [entities.problem], hint: "Write it like ['Endpoints', 'Role']." },
    );
  const moved = new Set(['Tenant', 'User', 'UserRoleAssociation', ...(moveToken ? ['Token'] : [])]);
  const { text: from, items } = entities;
  const to = removeListItems(from, items, ({ value }) => moved.has(value));
  return from === to ? undefined : { section: SQL_BACKEND, option: BACKEND_ENTITIES, from, to };
}

function notesOn(edited: ConfDocument): readonly LegacyConfNote[] {
  const storesTokens = backendsOf(edited).some((backend) => {
    const entities = readEntities(edited, backend);
    return backend !== LDAP_BACKEND && entities?.items?.some(({ value }) => value === 'Token') === true;
  });
  const message =
    'Nothing stores tokens, so that nobody can log in: give Token to another backend of "backends", ' +
    'such as keystone.backends.memcache, or leave it in SQL.';
  return storesTokens ? [] : [{ code: 'NO_TOKEN_STORE', message }];
}
