import type { NewAttributes } from '../directory/entry.ts';
import type { Secret } from '../secret.ts';

/**
 * One step of a plan: plain data that carries what it replaces, so that it can be shown as a diff, compared in a test
 * and refused when it is stale. `label` says what the entry is to Keystone and drives nothing.
 */
export type Change =
  AddSchema | ModifySchema | ModifyConfig | AddEntry | ModifyEntry | SetPassword | DeleteEntry;

/** A new entry below `cn=schema,cn=config`. */
export interface AddSchema {
  readonly kind: 'add-schema';
  readonly dn: string;
  readonly label: string;
  readonly attributes: NewAttributes;
}

/** Definitions of a schema entry taken out and put in, in one Modify. */
export interface ModifySchema {
  readonly kind: 'modify-schema';
  readonly dn: string;
  readonly label: string;
  readonly edits: readonly ValueEdit[];
}

/** Values of a database's entry in cn=config taken out and put in, in one Modify; `{n}` says where. */
export interface ModifyConfig {
  readonly kind: 'modify-config';
  readonly dn: string;
  readonly label: string;
  readonly edits: readonly ValueEdit[];
}

export interface AddEntry {
  readonly kind: 'add-entry';
  readonly dn: string;
  readonly label: string;
  readonly attributes: NewAttributes;
  /** The registry that listed it before it was deleted, and is to list it again. */
  readonly listedIn?: string;
}

export interface ModifyEntry {
  readonly kind: 'modify-entry';
  readonly dn: string;
  readonly label: string;
  readonly edits: readonly ValueEdit[];
  /** The `entryCSN` of the entry that was seen, where it is the first change of it. */
  readonly csn?: string;
}

/** Replaces whatever password the entry has; neither the old nor the new one is shown. */
export interface SetPassword {
  readonly kind: 'set-password';
  readonly dn: string;
  readonly label: string;
  readonly values: readonly Secret[];
  /** What was stored before, as far as this identity may read it. */
  readonly from: readonly Secret[];
  readonly csn?: string;
}

/** An entry taken away, with what it held, by which it can be made again. */
export interface DeleteEntry {
  readonly kind: 'delete-entry';
  readonly dn: string;
  readonly label: string;
  readonly attributes: NewAttributes;
  /** The registry that lists it. */
  readonly listedIn?: string;
  /** The `entryCSN` of the entry that was seen. */
  readonly csn?: string;
}

/** From so many values on one of an attribute takes the server long to find. */
export const MANY_VALUES = 1000;

/** Sent as delete-exact and add-exact, so that a value changed by others meanwhile is an error and not overwritten. */
export interface ValueEdit {
  readonly attribute: string;
  readonly remove: readonly string[];
  readonly add: readonly string[];
  /** Whether the entry has very many values of it. */
  readonly isLarge?: true;
}
