import { childDn } from '../directory/dn.ts';
import { formatLdif, formatLdifValue } from '../directory/format-ldif.ts';
import { elementsOf, type Schema, SCHEMA_ATTRIBUTES, type SchemaElement } from './definition.ts';
import { definitionLines, formatDefinition } from './format-definition.ts';

/** The form that slapd.conf(5) includes: one directive for each definition, an empty line between them. */
export function formatSchemaText(schema: Schema): string {
  const directives = elementsOf(schema).map(
    (definition) =>
      `${DIRECTIVES[definition.element]} ${definitionLines(definition).map(foldLine).join('\n    ')}\n`,
  );
  return directives.join('\n');
}

/** slapd reads 2,047 bytes as one line; a backslash at the end takes the next one to it, and two do not. */
function foldLine(line: string): string {
  return line.replace(/.{400,499}[^\\](?=[^\\])(?=.)/gsu, '$&\\\n');
}

/** The LDIF of one entry below `cn=schema,cn=config`, as ldapadd and the `include:` of slapd take it. */
export function formatSchemaLdif(schema: Schema): string {
  const entry = {
    dn: childDn('cn', schema.name, 'cn=schema,cn=config'),
    attributes: { objectClass: ['olcSchemaConfig'], cn: [schema.name] },
  };
  return [formatLdif([entry]), ...elementsOf(schema).map(formatValue)].join('#\n');
}

const DIRECTIVES: Readonly<Record<SchemaElement['element'], string>> = {
  ldapSyntax: 'ldapsyntax',
  attributeType: 'attributetype',
  objectClass: 'objectclass',
  contentRule: 'ditcontentrule',
};

const ATTRIBUTES = new Map<string, string>(SCHEMA_ATTRIBUTES);

/** Folded between its clauses: of the two spaces one makes the fold, the other parts the clauses. */
function formatValue(definition: SchemaElement): string {
  const attribute = ATTRIBUTES.get(definition.element) ?? '';
  const value = formatDefinition(definition);
  return /^(?:(?!\0)\p{ASCII})*$/u.test(value)
    ? `${attribute}: ${definitionLines(definition).join('\n  ')}\n`
    : formatLdifValue(attribute, value);
}
