import { foldCase } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { loadSchemaTarget } from '../plan/load-schema-target.ts';
import { observeSchema } from '../plan/observe-schema.ts';
import type { EntryLayout, Release } from '../releases/release.ts';
import { compareSchema, type SchemaDifference } from '../schema/compare-schema.ts';
import { ELEMENT_WORDS, labelOf, type SchemaElement } from '../schema/definition.ts';
import type { Finding } from './finding.ts';
import { verifySpelling } from './verify-spelling.ts';

/** Whether the server has the schema of the release, by meaning. */
export async function* verifySchema(directory: Session, release: Release): AsyncGenerator<Finding> {
  yield* schemaFindings(await observeSchema(directory), release);
}

/** The same of a schema that was read before. */
export async function* schemaFindings(
  present: readonly SchemaElement[],
  release: Release,
): AsyncGenerator<Finding> {
  if (release.schema.kind === 'modules') {
    yield* classFindings(present, release);
    return;
  }
  const target = await loadSchemaTarget({ release, schemaFile: undefined, replaceSchema: false });
  for (const difference of compareSchema(target.schema, present, target.accepted))
    yield findingOf(difference, release);
}

/** Where no schema of Keystone's own is needed: whether the server knows the classes of the layout. */
function* classFindings(present: readonly SchemaElement[], { layout, name }: Release): Generator<Finding> {
  const known = new Set(
    present.filter(({ element }) => element === 'objectClass').flatMap(({ names }) => names.map(foldCase)),
  );
  const wanted = [layout.user, layout.group, layout.tenant, layout.role].flatMap(
    (entry) => entry?.objectClasses ?? [],
  );
  const attributes = new Set(
    present.filter(({ element }) => element === 'attributeType').flatMap(({ names }) => names.map(foldCase)),
  );
  for (const attribute of new Set(
    [layout.user, layout.group, layout.tenant, layout.role].flatMap(readAttributes),
  ))
    if (!attributes.has(foldCase(attribute)))
      yield {
        code: 'SCHEMA_MISSING',
        severity: 'error',
        subject: `attribute type ${attribute}`,
        message: 'the server does not know it; Keystone finds no entry by it',
        remedy: 'Name another one with --map, or load the schema that defines it.',
      };
  yield* verifySpelling(present, layout);
  for (const objectClass of new Set(wanted))
    if (!known.has(foldCase(objectClass)))
      yield {
        code: 'SCHEMA_MISSING',
        severity: 'error',
        subject: `object class ${objectClass}`,
        message: 'the server does not know it; Keystone finds no entry of this class',
        remedy: `Run "keystone-ldap init --release ${name}".`,
      };
}

/** What Keystone does not do without; it passes over a description or e-mail that nobody has. */
function readAttributes(layout: EntryLayout | undefined): readonly string[] {
  if (layout === undefined) return [];
  const { rdn, nameAttribute, members, enabled } = layout;
  const flag = enabled.kind === 'attribute' ? enabled.attribute : undefined;
  return [rdn, nameAttribute, members, flag].filter((name) => name !== undefined);
}

function findingOf(difference: SchemaDifference, { name }: Release): Finding {
  const { wanted } = difference;
  const kind = ELEMENT_WORDS[wanted.element];
  const subject = `${kind} ${labelOf(wanted)} (${wanted.oid})`;
  if (difference.kind === 'missing')
    return {
      code: 'SCHEMA_MISSING',
      severity: 'error',
      subject,
      message: 'the server does not know it; no entry of Keystone can be stored',
      remedy: `Run "keystone-ldap init --release ${name}".`,
    };
  const present = `${labelOf(difference.present)} (${difference.present.oid})`;
  return {
    code: 'SCHEMA_DIFFERS',
    severity: 'error',
    subject,
    message:
      difference.kind === 'different'
        ? `the server has ${present} under this OID, which differs in ${difference.fields.join(', ')}`
        : `the server has this name for ${present}`,
    remedy: `Run "keystone-ldap schema diff ${name}", then "keystone-ldap init --release ${name} --replace-schema".`,
  };
}
