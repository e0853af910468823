import { foldCase } from '../directory/dn.ts';
import type { SchemaElement } from '../schema/definition.ts';

const named = (element: SchemaElement, name: string): boolean =>
  element.oid === name || element.names.some((one) => foldCase(one) === foldCase(name));

export function knowsClass(schema: readonly SchemaElement[], objectClass: string): boolean {
  return schema.some((one) => one.element === 'objectClass' && named(one, objectClass));
}

/** By any name, an OID or an option (`;binary`) included. */
export function knowsAttribute(schema: readonly SchemaElement[], attribute: string): boolean {
  const [name = ''] = attribute.split(';');
  return schema.some((one) => one.element === 'attributeType' && named(one, name));
}

/** Whether slapd can index the attribute for equality: it, or the one that it is derived from, has such a rule. */
export function hasEquality(schema: readonly SchemaElement[], attribute: string): boolean {
  const [name = ''] = attribute.split(';');
  const found = schema.find((one) => one.element === 'attributeType' && named(one, name));
  if (found?.element !== 'attributeType') return false;
  return found.equality !== undefined || (found.sup !== undefined && hasEquality(schema, found.sup));
}

/** What a class demands, and those above it do. */
export function demandedBy(objectClass: string, schema: readonly SchemaElement[]): ReadonlySet<string> {
  return collected(objectClass, schema, ({ must }) => must);
}

/** What an entry of the class may have without an auxiliary class. */
export function allowedBy(objectClass: string, schema: readonly SchemaElement[]): ReadonlySet<string> {
  return collected(objectClass, schema, ({ must, may }) => [...must, ...may]);
}

type ObjectClass = Extract<SchemaElement, { element: 'objectClass' }>;

function collected(
  objectClass: string,
  schema: readonly SchemaElement[],
  of: (found: ObjectClass) => readonly string[],
  seen = new Set<string>(),
): ReadonlySet<string> {
  if (seen.has(foldCase(objectClass))) return new Set();
  seen.add(foldCase(objectClass));
  const found = schema.find((one) => one.element === 'objectClass' && named(one, objectClass));
  if (found?.element !== 'objectClass') return new Set();
  const above = found.sup.flatMap((name) => [...collected(name, schema, of, seen)]);
  return new Set([...of(found).map(foldCase), ...above]);
}
