/** Where a definition starts in the file it was read from; lines count from 1. */
export interface DefinitionSource {
  readonly file: string;
  readonly line: number;
}

/** An `X-…` clause, such as `X-ORIGIN 'RFC 4519'`; a definition may have one of them several times. */
export interface Extension {
  readonly keyword: string;
  readonly values: readonly string[];
}

/** What all kinds of definition have in common. */
export interface Definition {
  /** Dotted decimal; macros are resolved. */
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string | undefined;
  readonly obsolete: boolean;
  readonly extensions: readonly Extension[];
  readonly source: DefinitionSource | undefined;
}

/** RFC 4512 section 4.1.5. slapd can only use a syntax of its own under another OID: `X-SUBST` says which. */
export interface LdapSyntax extends Definition {
  readonly element: 'ldapSyntax';
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

/** RFC 4512 section 4.1.6; its OID is that of a structural class. */
export interface ContentRule extends Definition {
  readonly element: 'contentRule';
  readonly aux: readonly string[];
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly not: readonly string[];
}

export type SchemaElement = LdapSyntax | AttributeType | ObjectClass | ContentRule;

/** The kinds of definition in the order in which slapd needs them, with the attribute of cn=config that holds each. */
export const SCHEMA_ATTRIBUTES = [
  ['ldapSyntax', 'olcLdapSyntaxes'],
  ['attributeType', 'olcAttributeTypes'],
  ['objectClass', 'olcObjectClasses'],
  ['contentRule', 'olcDitContentRules'],
] as const;

/** How messages call each kind. */
export const ELEMENT_WORDS: Readonly<Record<SchemaElement['element'], string>> = {
  ldapSyntax: 'LDAP syntax',
  attributeType: 'attribute type',
  objectClass: 'object class',
  contentRule: 'content rule',
};

/** What one `.schema` file, or one entry below `cn=schema,cn=config`, defines. */
export interface Schema {
  readonly name: string;
  readonly syntaxes: readonly LdapSyntax[];
  readonly attributeTypes: readonly AttributeType[];
  readonly objectClasses: readonly ObjectClass[];
  readonly contentRules: readonly ContentRule[];
}

/** How people call it: its first name, or its OID where it has no name. */
export function labelOf(definition: SchemaElement): string {
  return definition.names[0] ?? definition.oid;
}

/** All that a schema defines, kind by kind in the order of {@link SCHEMA_ATTRIBUTES}. */
export function elementsOf(schema: Schema): readonly SchemaElement[] {
  return [...schema.syntaxes, ...schema.attributeTypes, ...schema.objectClasses, ...schema.contentRules];
}
