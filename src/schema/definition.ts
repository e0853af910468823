/** Where a definition starts in the file it was read from; lines count from 1. */
export interface DefinitionSource {
  readonly file: string;
  readonly line: number;
}

/** What attribute types and object classes have in common. */
export interface Definition {
  /** Dotted decimal; macros are resolved. */
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string | undefined;
  readonly obsolete: boolean;
  /** `X-…` clauses, e.g. `{ 'X-ORIGIN': ['RFC 4519'] }`. */
  readonly extensions: Readonly<Record<string, readonly string[]>>;
  readonly source: DefinitionSource | undefined;
}

export const ATTRIBUTE_USAGES = [
  'userApplications',
  'directoryOperation',
  'distributedOperation',
  'dSAOperation',
] as const;

export type AttributeUsage = (typeof ATTRIBUTE_USAGES)[number];

/** RFC 4512 section 4.1.2. Types and matching rules are named as the definition names them: by name or OID. */
export interface AttributeType extends Definition {
  readonly element: 'attributeType';
  readonly sup: string | undefined;
  readonly equality: string | undefined;
  readonly ordering: string | undefined;
  readonly substr: string | undefined;
  readonly syntax: string | undefined;
  /** The suggested minimum upper bound, `{64}` after the syntax. */
  readonly syntaxLength: number | undefined;
  readonly singleValue: boolean;
  readonly collective: boolean;
  readonly noUserModification: boolean;
  readonly usage: AttributeUsage;
}

export const OBJECT_CLASS_KINDS = ['STRUCTURAL', 'AUXILIARY', 'ABSTRACT'] as const;

export type ObjectClassKind = (typeof OBJECT_CLASS_KINDS)[number];

/** RFC 4512 section 4.1.1. Classes and attributes are named as the definition names them: by name or OID. */
export interface ObjectClass extends Definition {
  readonly element: 'objectClass';
  readonly sup: readonly string[];
  readonly kind: ObjectClassKind;
  readonly must: readonly string[];
  readonly may: readonly string[];
}

export type SchemaElement = AttributeType | ObjectClass;

/** What one `.schema` file, or one entry below `cn=schema,cn=config`, defines. */
export interface Schema {
  readonly name: string;
  readonly attributeTypes: readonly AttributeType[];
  readonly objectClasses: readonly ObjectClass[];
}

/** How people call it: its first name, or its OID where it has no name. */
export function labelOf(definition: SchemaElement): string {
  return definition.names[0] ?? definition.oid;
}

/** All that a schema defines, in its order. */
export function elementsOf(schema: Schema): readonly SchemaElement[] {
  return [...schema.attributeTypes, ...schema.objectClasses];
}
