import { equalDn, isDn } from '../../directory/dn.ts';
import type { ReleaseName } from '../../releases/catalogue.ts';
import { defaultTree, treeOptionOf, type TreeKind } from '../../releases/default-trees.ts';
import { findOptionHistory, LDAP_OPTIONS, optionStatus } from '../../releases/ldap-options.ts';
import {
  effectiveDefault,
  isHeeded,
  type OptionHistory,
  type OptionType,
  type OptionValue,
} from '../../releases/option-history.ts';
import { partAt, type ConfDocument } from '../document/document.ts';
import { optionValue, readOptions } from '../document/option-value.ts';
import { readOsloValue, type OsloLookup } from './oslo-value.ts';

/** What a release works with: the file's value, else its own. */
export interface EffectiveOption {
  readonly value: OptionValue;
  /** The name under which the file sets it, which may be an older one; `undefined` where it does not. */
  readonly setAs: string | undefined;
  /** Why the release cannot use what the file says ("it …"); `value` is then `undefined`. */
  readonly fault?: string;
}

/** @throws `CONF_INVALID` */
export function effectiveOption(
  doc: ConfDocument,
  release: ReleaseName,
  history: OptionHistory,
): EffectiveOption {
  const { section, name, type, limits } = history;
  const setAs = nameThatCounts(doc, section, [name, ...aliasesOf(release, name)]);
  const unset = effectiveDefault(history, release);
  if (setAs === undefined) return { value: unset, setAs };
  const written = optionValue(doc, section, setAs) ?? '';
  const reading = readOsloValue(
    written,
    type,
    limits,
    new References(doc, release).lookup(`${section}.${setAs}`),
  );
  if ('fault' in reading) return { value: undefined, setAs, fault: reading.fault };
  const isNone = history.emptyIsNone && reading.value === '';
  return { value: isHeeded(history, release) ? (isNone ? undefined : reading.value) : unset, setAs };
}

/** oslo.config asks its files one after the other, the last one first, and each for the new name before the old one. */
function nameThatCounts(doc: ConfDocument, section: string, names: readonly string[]): string | undefined {
  const written = names.flatMap((name) => {
    const found = readOptions(doc, section, name).at(-1);
    return found === undefined ? [] : [{ name, part: partAt(doc, found.line) }];
  });
  const last = Math.max(...written.map(({ part }) => part));
  return written.find(({ part }) => part === last)?.name;
}

/** oslo.config ends in Python's RecursionError somewhere below 400 references that lead from one to the next. */
const DEEPEST = 200;

/**
 * Looks options up as oslo.config does: a bare name in the section of the option that refers to it, and then in
 * `[DEFAULT]`. One that refers to itself, on whatever way, has no value. Each option is read once.
 */
class References {
  readonly #doc: ConfDocument;
  readonly #release: ReleaseName;
  readonly #known = new Map<string, string | undefined>();
  readonly #open = new Set<string>();

  constructor(doc: ConfDocument, release: ReleaseName) {
    this.#doc = doc;
    this.#release = release;
  }

  /** What the option at `section.option` may refer to. */
  lookup(from: string): OsloLookup {
    const section = from.split('.')[0] ?? 'DEFAULT';
    return (name) => {
      this.#open.add(from);
      const places = name.includes('.') ? [name] : [`${section}.${name}`, `DEFAULT.${name}`];
      const place = places.find((one) => this.#isThere(one));
      const value = place === undefined ? undefined : this.#valueAt(place);
      this.#open.delete(from);
      return value;
    };
  }

  #isThere(place: string): boolean {
    const [section, option] = parts(place);
    return (
      optionValue(this.#doc, section, option) !== undefined ||
      findOptionHistory(section, option) !== undefined
    );
  }

  #valueAt(place: string): string | undefined {
    if (this.#known.has(place)) return this.#known.get(place);
    if (this.#open.has(place) || this.#open.size > DEEPEST) return undefined;
    const value = this.#read(place);
    this.#known.set(place, value);
    return value;
  }

  #read(place: string): string | undefined {
    const [section, option] = parts(place);
    const written = optionValue(this.#doc, section, option);
    if (written === undefined) {
      const history = findOptionHistory(section, option);
      return history && String(effectiveDefault(history, this.#release) ?? '');
    }
    const reading = readOsloValue(written, 'string', undefined, this.lookup(place));
    return 'fault' in reading ? undefined : String(reading.value);
  }
}

function parts(place: string): readonly [section: string, option: string] {
  const [section = '', option = ''] = place.split(/\.(.*)/s);
  return [section, option];
}

/** The same for an option of this name that is known to have a history. */
export function effectiveNamed(
  doc: ConfDocument,
  release: ReleaseName,
  name: string,
  section = 'ldap',
): EffectiveOption {
  const history = findOptionHistory(section, name);
  if (history === undefined) throw new Error(`[${section}] ${name} has no history`);
  return effectiveOption(doc, release, history);
}

/** Where the release looks for entries of this kind with this file. @throws `CONF_INVALID` */
export function effectiveTree(doc: ConfDocument, release: ReleaseName, kind: TreeKind): string {
  const { value } = effectiveNamed(doc, release, treeOptionOf(release, kind));
  // Keystone treats an empty one as unset.
  if (typeof value === 'string' && value !== '') return value;
  return defaultTree(release, kind, effectiveSuffix(doc, release));
}

/** What the release puts its default trees below with this file. @throws `CONF_INVALID` */
export function effectiveSuffix(doc: ConfDocument, release: ReleaseName): string {
  const { value } = effectiveNamed(doc, release, 'suffix');
  return typeof value === 'string' ? value : '';
}

export function sameValue(type: OptionType, a: OptionValue, b: OptionValue): boolean {
  const areDns = typeof a === 'string' && typeof b === 'string' && isDn(a) && isDn(b);
  if (type === 'dn' && areDns) return equalDn(a, b);
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Older names that the release still reads for this one. */
function aliasesOf(release: ReleaseName, name: string): readonly string[] {
  return LDAP_OPTIONS.filter(
    (history) => history.renamed?.to === name && optionStatus(release, history.name).status === 'alias',
  ).map((history) => history.name);
}
