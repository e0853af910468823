import { foldCase, parseDn } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import type { LdifEntry } from '../../directory/format-ldif.ts';
import type { ObjectClass } from '../../schema/definition.ts';
import { isStandard } from '../../schema/standard-oids.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import { standInPassword } from './stand-in-password.ts';
import { STAND_INS } from './value-kind.ts';

/** What decides how an entry looks in the report. */
export interface EntryContext {
  readonly schema: SchemaLookup;
  readonly names: Pseudonyms;
  /** By its key: what Keystone reads and what filters ask about. */
  readonly wanted: ReadonlySet<string>;
  /** In lower case: the classes that keystone.conf asks about. */
  readonly markers: ReadonlySet<string>;
  /** By their keys: the attributes that hold passwords. */
  readonly passwords: ReadonlySet<string>;
  /** Whether findings depend on the form of stored passwords. */
  readonly showsPasswords: boolean;
}

export interface ReproducedEntry extends LdifEntry {
  /** What the entry must have although the account does not see it, under its name in the report. */
  readonly hidden: readonly string[];
  /** Under the names of the original. */
  readonly classes: readonly string[];
  readonly present: readonly string[];
}

/** A class of the report, for what has none that can be a structural one. */
export const REPORT_CLASS = 'reportEntry';

/** `posixGroup` is auxiliary in RFC 2307bis only, and the sandbox has the older one. */
const POSIX_GROUP = '1.3.6.1.1.1.2.2';

/** What the sandbox makes itself, and takes from nobody. */
const MADE_BY_SERVER =
  /^(?:entry(?:UUID|DN|CSN)|(?:create|modify)Timestamp|(?:creators|modifiers)Name|structuralObjectClass|hasSubordinates|subschemaSubentry)$/i;

/** The entry under other names, with what its classes demand, what Keystone reads and what filters ask about. */
export function reproducedEntry(entry: Entry, context: EntryContext): ReproducedEntry {
  const { schema, names } = context;
  const classes = keptClasses(entry, context);
  const chain = new Set(classes.flatMap((name) => [...schema.chainOf(name)]));
  const rdn = parseDn(entry.dn)[0] ?? [];
  const naming = new Map(rdn.map(({ type, value }) => [schema.keyOf(type), value]));
  const demanded = [...chain].flatMap(({ must }) => must.map((name) => labelIn(schema, name)));
  const required = new Map(
    [...rdn.map(({ type }) => type), ...demanded].map((name) => [schema.keyOf(name), name]),
  );
  required.delete('objectclass');
  const attributes: Record<string, readonly string[]> = {};
  const present: string[] = [];
  for (const [name, values] of Object.entries(entry.attributes)) {
    const key = schema.keyOf(name);
    if (!required.has(key) && !context.wanted.has(key)) continue;
    const renamed = isShowable(name, context) ? valuesIn(name, values, { ...context, naming }) : [];
    if (key === 'objectclass' || renamed.length === 0) continue;
    present.push(name);
    attributes[names.schemaName(name)] = [...new Set(renamed)];
  }
  const seen = new Set(present.map((name) => schema.keyOf(name)));
  const hidden = [...required.values()].filter((name) => !seen.has(schema.keyOf(name)));
  for (const name of hidden) {
    const value = naming.get(schema.keyOf(name));
    attributes[names.schemaName(name)] = [
      value === undefined ? standIn(name, context) : names.naming(name, value),
    ];
  }
  const all = [...present, ...hidden];
  const takesAny = classes.some((name) => foldCase(name) === 'extensibleobject');
  const further = takesAny || all.every((name) => isAllowed(name, chain, schema)) ? [] : ['extensibleObject'];
  return {
    ...{ dn: names.dn(entry.dn), classes, present: all },
    attributes: { objectClass: [...classNames(classes, names), ...further], ...attributes },
    hidden: hidden
      .filter((name) => !context.passwords.has(schema.keyOf(name)))
      .map((name) => names.schemaName(name)),
  };
}

function classNames(classes: readonly string[], names: Pseudonyms): readonly string[] {
  return classes.map((name) => (name === REPORT_CLASS ? name : names.schemaName(name)));
}

/** One structural class with those above it, the one that Keystone asks about if it does, and the auxiliary ones. */
function keptClasses(entry: Entry, context: EntryContext): readonly string[] {
  const { schema, markers } = context;
  const known = valuesOf(entry, 'objectClass').filter((name) => isWritable(name, context));
  const structural = known.filter((name) => isStructural(schema.objectClass(name)));
  const rank = (name: string): number => {
    const chain = [...schema.chainOf(name)].filter(isStructural);
    const isAsked = chain.some(({ names }) => names.some((one) => markers.has(foldCase(one))));
    return chain.length + (isAsked ? 1000 : 0);
  };
  const [chosen] = structural.toSorted((a, b) => rank(b) - rank(a));
  if (chosen === undefined) return [...known, REPORT_CLASS];
  const chain = schema.chainOf(chosen);
  return known.filter((name) => {
    const found = schema.objectClass(name);
    return !isStructural(found) || (found !== undefined && chain.has(found));
  });
}

function isStructural(found: ObjectClass | undefined): boolean {
  return found !== undefined && (found.kind === 'STRUCTURAL' || found.oid === POSIX_GROUP);
}

/** A class that demands a picture or a certificate is left out with it. */
function isWritable(name: string, { schema, names }: EntryContext): boolean {
  return [...schema.chainOf(name)].every(({ must }) =>
    must.every(
      (attribute) => foldCase(attribute) === 'objectclass' || names.kindOf(attribute) !== 'unsupported',
    ),
  );
}

function isShowable(name: string, { schema, names, passwords, showsPasswords }: EntryContext): boolean {
  if (MADE_BY_SERVER.test(name) || names.kindOf(name) === 'unsupported') return false;
  return showsPasswords || !passwords.has(schema.keyOf(name));
}

interface ValueContext extends EntryContext {
  /** The values of the RDN. */
  readonly naming: ReadonlyMap<string, string>;
}

function valuesIn(
  name: string,
  values: readonly string[],
  { schema, names, passwords, naming }: ValueContext,
): readonly string[] {
  const key = schema.keyOf(name);
  if (passwords.has(key)) return values.map(standInPassword);
  return values.map((value) => (naming.has(key) ? names.naming(name, value) : names.value(name, value)));
}

function standIn(name: string, { schema, names, passwords }: EntryContext): string {
  return passwords.has(schema.keyOf(name)) ? 'report' : STAND_INS[names.kindOf(name)];
}

/** What a standard class allows beyond the standard, as in Active Directory, the sandbox does not know. */
function isAllowed(name: string, chain: ReadonlySet<ObjectClass>, schema: SchemaLookup): boolean {
  const attribute = schema.attribute(name);
  if (attribute === undefined) return false;
  const isMeant = (one: string): boolean => schema.attribute(one) === attribute;
  return [...chain].some((one) => {
    if (isStandard(one) && !isStandard(attribute)) return false;
    return one.must.some(isMeant) || one.may.some(isMeant);
  });
}

/** A class may name what it demands by OID. */
function labelIn(schema: SchemaLookup, name: string): string {
  return /^\d/.test(name) ? (schema.attribute(name)?.names[0] ?? name) : name;
}
