import { childDn } from '../directory/dn.ts';
import { formatLdif, formatLdifValue } from '../directory/format-ldif.ts';
import { elementsOf, type Schema, type SchemaElement } from './definition.ts';
import { definitionLines, formatDefinition } from './format-definition.ts';

/** The form that slapd.conf(5) includes: one directive for each definition, an empty line between them. */
export function formatSchemaText(schema: Schema): string {
  const directives = elementsOf(schema).map(
    (definition) => `${definition.element.toLowerCase()} ${definitionLines(definition).join('\n    ')}\n`,
  );
  return directives.join('\n');
}

/** The LDIF of one entry below `cn=schema,cn=config`, as ldapadd and the `include:` of slapd take it. */
export function formatSchemaLdif(schema: Schema): string {
  const entry = {
    dn: childDn('cn', schema.name, 'cn=schema,cn=config'),
    attributes: { objectClass: ['olcSchemaConfig'], cn: [schema.name] },
  };
  return [formatLdif([entry]), ...elementsOf(schema).map(formatValue)].join('#\n');
}

const ATTRIBUTES = { attributeType: 'olcAttributeTypes', objectClass: 'olcObjectClasses' } as const;

/** Folded between its clauses: of the two spaces one makes the fold, the other parts the clauses. */
function formatValue(definition: SchemaElement): string {
  const attribute = ATTRIBUTES[definition.element];
  const value = formatDefinition(definition);
  return /^(?:(?!\0)\p{ASCII})*$/u.test(value)
    ? `${attribute}: ${definitionLines(definition).join('\n  ')}\n`
    : formatLdifValue(attribute, value);
}
