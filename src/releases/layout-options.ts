import type { ReleaseName } from './catalogue.ts';
import type { KeystoneCode } from './code-change.ts';
import type { TreeKind } from './default-trees.ts';
import { findOptionHistory, optionNameIn } from './ldap-options.ts';
import { effectiveDefault, isHeeded, type OptionValue } from './option-history.ts';

/** Options of `[ldap]` by name in any release, as far as they are set. */
export type LdapSettings = Readonly<Record<string, OptionValue>>;

/** The options of `[ldap]` as one release reads them, of which some are set. */
export class LayoutOptions {
  readonly code: KeystoneCode;
  readonly release: ReleaseName;
  readonly #settings: ReadonlyMap<string, OptionValue>;

  constructor(code: KeystoneCode, settings: LdapSettings) {
    const { release } = code;
    this.code = code;
    this.release = release;
    const named = Object.entries(settings).map(
      ([name, value]) => [optionNameIn(release, name), value] as const,
    );
    this.#settings = new Map(named);
  }

  value(anyName: string): OptionValue {
    const name = optionNameIn(this.release, anyName);
    const history = findOptionHistory('ldap', name);
    const counts = history === undefined || isHeeded(history, this.release);
    if (counts && this.#settings.has(name)) return this.#settings.get(name);
    return history === undefined ? undefined : effectiveDefault(history, this.release);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** An option that has a default in every release, if not always a declared one. */
  named(name: string, otherwise: string): string {
    return this.text(name) ?? otherwise;
  }

  list(name: string): readonly string[] {
    const value = this.value(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** The attribute of a field, unless the release does not map the field, or under a name that no schema knows. */
  attribute(option: string, field: string, kind: Exclude<TreeKind, 'role'>): string | undefined {
    const ignored = this.list(`${kind}_attribute_ignore`);
    const name = this.text(option);
    return ignored.includes(field) || name === undefined || NOT_IN_ANY_SCHEMA.has(name) ? undefined : name;
  }
}

/** Essex's own names for fields, which no class of the standard schema allows. */
const NOT_IN_ANY_SCHEMA = new Set(['email', 'desc', 'enabled']);
