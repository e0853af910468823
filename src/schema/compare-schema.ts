import { elementsOf, type Schema, type SchemaElement } from './definition.ts';
import { type Aliases, aliasesOf, type DefinitionField, normalForm } from './normal-form.ts';

/** How a server's schema falls short of a wanted definition. */
export type SchemaDifference =
  /** Neither its OID nor a name of it is in use. */
  | { readonly kind: 'missing'; readonly wanted: SchemaElement }
  /** Its OID is in use for another definition, which differs in these fields. */
  | {
      readonly kind: 'different';
      readonly wanted: SchemaElement;
      readonly present: SchemaElement;
      readonly fields: readonly DefinitionField[];
    }
  /** Its OID is free, but another OID uses a name of it. */
  | { readonly kind: 'name-taken'; readonly wanted: SchemaElement; readonly present: SchemaElement };

/**
 * Compares by OID and by what the definitions mean; an empty result says that the schema is loaded. Attribute types
 * and object classes are apart: one name may stand for both. Differences come in the order of the wanted schema.
 * @param accepted definitions that count as equal to the wanted one with the same OID
 */
export function compareSchema(
  wanted: Schema,
  present: Iterable<SchemaElement>,
  accepted: readonly SchemaElement[] = [],
): readonly SchemaDifference[] {
  const server = indexOf([...present], wanted);
  return elementsOf(wanted).flatMap((definition) => {
    const variants = accepted.filter((variant) => oidKey(variant) === oidKey(definition));
    return differenceFrom(server, definition, variants) ?? [];
  });
}

interface DefinitionIndex {
  readonly byOid: ReadonlyMap<string, SchemaElement>;
  readonly byName: ReadonlyMap<string, SchemaElement>;
  readonly aliases: Aliases;
}

function indexOf(present: readonly SchemaElement[], wanted: Schema): DefinitionIndex {
  const named = present.flatMap((definition) =>
    definition.names.map((name) => [nameKey(definition, name), definition] as const),
  );
  return {
    byOid: new Map(present.map((definition) => [oidKey(definition), definition])),
    byName: new Map(named),
    aliases: aliasesOf([...present, ...elementsOf(wanted)]),
  };
}

function differenceFrom(
  { byOid, byName, aliases }: DefinitionIndex,
  wanted: SchemaElement,
  variants: readonly SchemaElement[],
): SchemaDifference | undefined {
  const same = byOid.get(oidKey(wanted));
  if (same !== undefined) {
    const fields = fieldsThatDiffer(wanted, same, aliases);
    const equal = variants.some((variant) => fieldsThatDiffer(variant, same, aliases).length === 0);
    return equal || fields.length === 0 ? undefined : { kind: 'different', wanted, present: same, fields };
  }
  const [taken] = wanted.names.flatMap((name) => byName.get(nameKey(wanted, name)) ?? []);
  return taken === undefined ? { kind: 'missing', wanted } : { kind: 'name-taken', wanted, present: taken };
}

function fieldsThatDiffer(
  wanted: SchemaElement,
  present: SchemaElement,
  aliases: Aliases,
): readonly DefinitionField[] {
  const form = normalForm(present, aliases);
  return [...normalForm(wanted, aliases)]
    .filter(([field, value]) => form.get(field) !== value)
    .map(([field]) => field);
}

function oidKey({ element, oid }: SchemaElement): string {
  return `${element} ${oid}`;
}

function nameKey({ element }: SchemaElement, name: string): string {
  return `${element} ${name.toLowerCase()}`;
}
