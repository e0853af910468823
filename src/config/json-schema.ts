import { IDENTITY_LISTS } from '../identities/read/read-identities.ts';
import { yamlKey, type ItemReading, type ItemSpec } from '../identities/read/read-items.ts';
import { SQL_SPECS } from '../identities/sql/read-sql-part.ts';
import { MEMBER_MODES, type ValueTypes } from '../identities/read/read-value.ts';
import { DEFINITION, type Keys, type LeafValues } from './definition.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft 7, which editors know best) of `keystone-ldap.yaml`. */
export function configJsonSchema(): Schema {
  const { properties, ...rest } = keysSchema(DEFINITION);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'keystone-ldap.yaml',
    ...rest,
    properties: { ...properties, identities: identitiesSchema() },
  };
}

/** Editors read `release: 2013.2` as a number; what counts is the text that stands there. */
const TEXT: Schema = { type: ['string', 'number', 'boolean'] };
const TEXTS: Schema = { type: 'array', items: TEXT };

const LEAF_SCHEMAS: Readonly<Record<keyof LeafValues, Schema>> = {
  text: TEXT,
  uri: { type: 'string', pattern: '^(ldap|ldaps|ldapi)://' },
  dn: { type: 'string' },
  path: { type: 'string' },
  paths: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  variable: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  boolean: { type: 'boolean' },
  seconds: { type: 'number', exclusiveMinimum: 0 },
  options: { type: 'object', additionalProperties: TEXT },
};

const VALUE_SCHEMAS: Readonly<Record<keyof ValueTypes, Schema>> = {
  text: TEXT,
  texts: TEXTS,
  secret: TEXT,
  units: { type: 'string' },
  boolean: { type: 'boolean' },
  memberMode: { enum: MEMBER_MODES },
  count: { type: 'integer', minimum: 1 },
  minute: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$' },
};

interface ObjectSchema extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
}

/** A section may be there with all its keys commented out, which is null to YAML. */
function keysSchema(keys: Keys, about?: string): ObjectSchema {
  const properties = Object.entries(keys).map(([property, definition]): [string, Schema] => {
    const { about: description } = definition;
    if (definition.type === 'section') return [yamlKey(property), keysSchema(definition.keys, description)];
    const schema =
      definition.type === 'choice' ? { enum: definition.choices } : LEAF_SCHEMAS[definition.type];
    return [yamlKey(property), { description, ...schema }];
  });
  return {
    ...(about === undefined ? {} : { description: about }),
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function identitiesSchema(): Schema {
  const { keys, about } = DEFINITION.identities;
  const section = keysSchema(keys, about);
  const lists = Object.entries(IDENTITY_LISTS).map(([list, reading]) => [list, listSchema(reading)]);
  return {
    ...section,
    properties: {
      ...section.properties,
      ...(Object.fromEntries(lists) as Record<string, Schema>),
      sql: sqlSchema(),
      remarks: { description: 'sentences that seed shows', ...TEXTS },
      member_mode: { description: MEMBERS, ...VALUE_SCHEMAS.memberMode },
      reset_passwords: {
        description: 'whether passwords are written over those of users that exist',
        type: 'boolean',
      },
    },
  };
}

const MEMBERS =
  'what becomes of members that the directory has and this file does not name, unless an item says otherwise';

function sqlSchema(): Schema {
  const lists = Object.entries(SQL_SPECS).map(([list, spec]) => [
    yamlKey(list),
    listSchema({ what: yamlKey(list), spec }),
  ]);
  return {
    description: 'what Keystone keeps in SQL',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(lists) as Record<string, Schema>,
  };
}

function listSchema({ what, spec, bareName }: ItemReading<ItemSpec>): Schema {
  const keys = Object.entries(spec);
  const item = {
    type: 'object',
    description: what,
    additionalProperties: false,
    required: keys.filter(([, { required }]) => required).map(([property]) => yamlKey(property)),
    properties: Object.fromEntries(keys.map(([name, { type }]) => [yamlKey(name), VALUE_SCHEMAS[type]])),
  };
  return { type: ['array', 'null'], items: bareName ? { anyOf: [TEXT, item] } : item };
}
