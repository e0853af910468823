import { foldCase } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { isAttributeName } from '../directory/libldap-filter.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { loadSchemaTarget } from '../plan/schema/load-schema-target.ts';
import { observeSchema } from '../plan/schema/observe-schema.ts';
import { enabledAttribute } from '../releases/layout-of.ts';
import type { Layout, Release } from '../releases/release.ts';
import { compareSchema, type SchemaDifference } from '../schema/compare-schema.ts';
import { ELEMENT_WORDS, labelOf, type SchemaElement } from '../schema/definition.ts';
import { knowsAttribute, knowsClass } from './class-attributes.ts';
import type { Finding } from './finding.ts';
import { optionSource, type OptionSource } from './option-source.ts';
import { verifySpelling } from './verify-spelling.ts';

/** Whether the server has the schema of the release, by meaning. */
export async function* verifySchema(
  directory: Session,
  release: Release,
  doc?: ConfDocument,
): AsyncGenerator<Finding> {
  yield* schemaFindings(await observeSchema(directory), release, doc && optionSource(doc));
}

/** The same of a schema that was read before. */
export async function* schemaFindings(
  present: readonly SchemaElement[],
  release: Release,
  conf?: OptionSource,
): AsyncGenerator<Finding> {
  if (release.schema.kind === 'modules') {
    yield* classFindings(present, release, conf);
    return;
  }
  const target = await loadSchemaTarget({ release, schemaFile: undefined, replaceSchema: false });
  for (const difference of compareSchema(target.schema, present, target.accepted))
    yield findingOf(difference, release);
}

/** Where no schema of Keystone's own is needed: whether the server knows the classes and attributes of the layout. */
function* classFindings(
  present: readonly SchemaElement[],
  { layout, name }: Release,
  conf: OptionSource | undefined,
): Generator<Finding> {
  const unknown = new Map<string, Finding>();
  for (const read of NAMED_KINDS.flatMap((kind) => readAttributes(kind, layout)))
    if (
      !knowsAttribute(present, read.attribute) &&
      isAsked(read, conf) &&
      !unknown.has(foldCase(read.attribute))
    )
      unknown.set(foldCase(read.attribute), unknownAttribute(read, conf));
  yield* unknown.values();
  yield* verifySpelling(present, layout, conf);
  yield* unknownClasses(present, { layout, name }, conf);
}

function* unknownClasses(
  present: readonly SchemaElement[],
  { layout, name }: Pick<Release, 'layout' | 'name'>,
  conf: OptionSource | undefined,
): Generator<Finding> {
  const classes = new Map<string, string>();
  for (const kind of NAMED_KINDS)
    for (const objectClass of layout[kind]?.objectClasses ?? [])
      if (!knowsClass(present, objectClass)) classes.set(objectClass, optionOf(kind, 'objectclass'));
  for (const [objectClass, option] of classes)
    yield {
      code: 'SCHEMA_MISSING',
      severity: 'error',
      subject: `object class ${objectClass}`,
      message: `the server does not know it${conf?.where(option) ?? ''}; Keystone finds no entry of this class`,
      // "init" loads the modules of the classes that are the default.
      remedy: MODULE_CLASSES.has(foldCase(objectClass))
        ? `Run "keystone-ldap init --release ${name}".`
        : `Correct ${option}: decide which object class it is to name, or load the schema that defines this one.`,
    };
}

/** What is missing and at its default is no fault, if Keystone works without. */
function isAsked({ isOptional, option, attribute }: ReadAttribute, conf: OptionSource | undefined): boolean {
  // With this id no search is possible, which is said of the file.
  if (conf !== undefined && option.endsWith('_id_attribute') && !isAttributeName(attribute)) return false;
  return !isOptional || (conf?.isSet(option) ?? !['enabled', 'mail'].includes(attribute));
}

function unknownAttribute(read: ReadAttribute, conf: OptionSource | undefined): Finding {
  return {
    code: 'SCHEMA_MISSING',
    severity: read.isOptional ? 'warning' : 'error',
    subject: `attribute type ${read.attribute}`,
    message: `the server does not know it${conf?.where(read.option) ?? ''}; ${read.effect}`,
    remedy: `Correct ${read.option}: decide which attribute it is to name, or load the schema that defines this one.`,
  };
}

const NAMED_KINDS = ['user', 'group', 'tenant', 'role'] as const;
type NamedKind = (typeof NAMED_KINDS)[number];

/** What the modules that "init" loads define of what a release's defaults name: core, cosine and inetorgperson. */
const MODULE_CLASSES: ReadonlySet<string> = new Set(
  ['person', 'inetOrgPerson', 'groupOfNames', 'groupOfUniqueNames', 'organizationalRole', 'domain'].map(
    foldCase,
  ),
);

interface ReadAttribute {
  readonly option: string;
  readonly attribute: string;
  /** What Keystone does because of it. */
  readonly effect: string;
  /** Keystone then works without. */
  readonly isOptional: boolean;
}

function optionOf(kind: NamedKind, what: string): string {
  return `${kind === 'tenant' ? 'project' : kind}_${what}`;
}

/** What Keystone reads of the entries of one kind. Description and default project are often not there at all. */
function readAttributes(kind: NamedKind, layout: Layout): readonly ReadAttribute[] {
  const entries = layout[kind];
  if (entries === undefined) return [];
  const { rdn, nameAttribute, members, enabled } = entries;
  const flag = enabledAttribute(enabled);
  const byDefault = enabled.kind === 'attribute' ? enabled.absent : true;
  const all: readonly (Omit<ReadAttribute, 'attribute'> & { readonly attribute: string | undefined })[] = [
    {
      option: optionOf(kind, 'id_attribute'),
      attribute: rdn,
      effect: `Keystone finds no ${kind}`,
      isOptional: false,
    },
    {
      option: optionOf(kind, 'name_attribute'),
      attribute: nameAttribute,
      effect: layout.dropsNameless === true ? `Keystone finds no ${kind}` : `no ${kind} has a name`,
      isOptional: false,
    },
    {
      option:
        kind === 'role' || kind === 'tenant' ? optionOf(kind, 'member_attribute') : 'group_member_attribute',
      attribute: members,
      effect: `every ${kind} is empty`,
      isOptional: false,
    },
    {
      option: optionOf(kind, 'enabled_attribute'),
      attribute: flag,
      effect: `all ${kind}s are found, and by its default all are ${byDefault === false ? 'disabled' : 'enabled, also those who are locked in the directory'}`,
      isOptional: enabled.kind === 'always' || flag === 'enabled',
    },
    {
      option: 'user_mail_attribute',
      attribute: kind === 'user' ? layout.user.email : undefined,
      effect: 'no user has an e-mail address',
      isOptional: true,
    },
  ];
  return all.flatMap(({ attribute, ...rest }) => (attribute === undefined ? [] : [{ attribute, ...rest }]));
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
