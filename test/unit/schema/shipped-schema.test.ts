import { describe, expect, test } from 'vitest';
import { readText } from '../../../src/files.ts';
import { RELEASES } from '../../../src/releases/find-release.ts';
import { compareSchema } from '../../../src/schema/compare-schema.ts';
import { elementsOf, type Schema } from '../../../src/schema/definition.ts';
import { formatSchemaLdif, formatSchemaText } from '../../../src/schema/format-schema.ts';
import { parseSchemaLdif } from '../../../src/schema/parse-schema-ldif.ts';
import { parseSchemaText } from '../../../src/schema/parse-schema-text.ts';
import {
  findSchemaRevision,
  loadShippedSchema,
  SCHEMA_REVISIONS,
  type SchemaRevisionName,
  shippedSchemaFiles,
} from '../../../src/schema/shipped-schema.ts';

const BASE = '1.3.6.1.3.1.666.667';
const names = SCHEMA_REVISIONS.map(({ name }) => name);

async function loadLdif(revision: SchemaRevisionName): Promise<Schema> {
  const { ldif } = shippedSchemaFiles(revision);
  return parseSchemaLdif(await readText(ldif), ldif);
}

const afterHeader = (text: string): string => text.slice(text.indexOf('\n\n') + 2);

const summary = (schema: Schema) => ({
  attributeTypes: schema.attributeTypes.map(({ oid, names: all }) => [oid.slice(BASE.length), ...all]),
  objectClasses: schema.objectClasses.map(({ oid, names: all, kind, must, may }) => [
    oid.slice(BASE.length),
    ...all,
    kind,
    must.join(' '),
    may.join(' '),
  ]),
});

describe.each(names)('revision %s', (revision) => {
  test('both forms define the same', async () => {
    const [fromSchema, fromLdif] = [await loadShippedSchema(revision), await loadLdif(revision)];
    expect(compareSchema(fromSchema, elementsOf(fromLdif))).toEqual([]);
    expect(compareSchema(fromLdif, elementsOf(fromSchema))).toEqual([]);
    expect(fromLdif.name).toBe('keystone');
    expect(fromSchema.name).toBe('keystone');
  });

  test('both files are as the printers write them', async () => {
    const files = shippedSchemaFiles(revision);
    const schema = await loadShippedSchema(revision);
    expect(afterHeader(await readText(files.schema))).toBe(formatSchemaText(schema));
    expect(afterHeader(await readText(files.ldif))).toBe(formatSchemaLdif(schema));
  });
});

test('blog: four structural classes', async () => {
  expect(summary(await loadShippedSchema('blog'))).toEqual({
    attributeTypes: [
      ['.3.1', 'keystoneEnabled'],
      ['.3.2', 'keystoneTenant'],
      ['.3.3', 'keystoneRole'],
      ['.3.4', 'serviceId'],
    ],
    objectClasses: [
      ['.4.1', 'keystoneUser', 'STRUCTURAL', 'cn keystoneEnabled', 'mail userPassword'],
      ['.4.2', 'keystoneRole', 'STRUCTURAL', 'cn', 'member description serviceId'],
      ['.4.3', 'keystoneTenant', 'STRUCTURAL', 'cn keystoneEnabled', 'member description'],
      ['.4.4', 'keystoneTenantRole', 'STRUCTURAL', 'cn keystoneRole', 'member'],
    ],
  });
});

test('2011.3: auxiliary classes, numbered anew', async () => {
  expect(summary(await loadShippedSchema('2011.3')).objectClasses).toEqual([
    ['.4.1', 'keystoneUidObject', 'STRUCTURAL', 'uid', ''],
    ['.4.2', 'keystoneUser', 'AUXILIARY', 'keystoneEnabled', 'mail userPassword'],
    ['.4.3', 'keystoneRole', 'AUXILIARY', 'cn', 'member description serviceId'],
    ['.4.4', 'keystoneTenant', 'AUXILIARY', 'keystoneEnabled', 'member description'],
    ['.4.5', 'keystoneTenantRole', 'AUXILIARY', 'keystoneRole', 'member'],
  ]);
});

test('essex-1 adds keystoneName; essex-3 is the same once mended', async () => {
  const [first, last] = [await loadShippedSchema('essex-1'), await loadShippedSchema('essex-3')];
  expect(compareSchema(first, elementsOf(last))).toEqual([]);
  expect(last.attributeTypes.at(-1)).toMatchObject({
    oid: `${BASE}.3.5`,
    names: ['keystoneName'],
    sup: 'name',
    singleValue: true,
  });
  expect(summary(last).objectClasses.filter(([, name]) => /User|Tenant$/.test(name ?? ''))).toEqual([
    ['.4.2', 'keystoneUser', 'AUXILIARY', 'keystoneName keystoneEnabled', 'mail userPassword'],
    ['.4.4', 'keystoneTenant', 'AUXILIARY', 'keystoneName keystoneEnabled', 'member description'],
  ]);
});

test('a server with the blog schema that needs 2011.3', async () => {
  const present = elementsOf(await loadShippedSchema('blog'));
  const found = compareSchema(await loadShippedSchema('2011.3'), present);
  expect(
    found.map((one) => [
      one.kind,
      one.wanted.names[0],
      one.kind === 'missing' ? undefined : one.present.names[0],
      one.kind === 'different' ? one.fields : undefined,
    ]),
  ).toEqual([
    ['different', 'keystoneUidObject', 'keystoneUser', ['names', 'must', 'may']],
    ['different', 'keystoneUser', 'keystoneRole', ['names', 'kind', 'must', 'may']],
    ['different', 'keystoneRole', 'keystoneTenant', ['names', 'kind', 'must', 'may']],
    ['different', 'keystoneTenant', 'keystoneTenantRole', ['names', 'kind', 'must', 'may']],
    ['name-taken', 'keystoneTenantRole', 'keystoneTenantRole', undefined],
  ]);
});

test('a role without MUST cn, as the LDIF of Keystone had it, counts as equal', async () => {
  for (const { name, accepted } of SCHEMA_REVISIONS) {
    const wanted = await loadShippedSchema(name);
    const present = elementsOf(wanted).map((one) =>
      one.element === 'objectClass' && one.names.includes('keystoneRole') ? { ...one, must: [] } : one,
    );
    const expected = name === 'blog' ? ['different'] : [];
    expect(compareSchema(wanted, present, accepted).map(({ kind }) => kind)).toEqual(expected);
  }
});

test('every release with a schema of its own has one that ships', () => {
  const revisions = RELEASES.flatMap(({ schema }) => (schema.kind === 'revision' ? [schema.revision] : []));
  for (const revision of revisions) expect(findSchemaRevision(revision).name).toBe(revision);
  expect([...new Set(revisions)]).toEqual(names);
});

test('a revision that does not exist is told with those that do', () => {
  expect(() => findSchemaRevision('essex-9')).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: 'Revisions: blog, 2011.3, essex-1, essex-3.' }) as Error,
  );
});

/** The faults of Keystone's files of December 2011, in our own words. */
describe('files as Keystone wrote them', () => {
  const WANTED = "( keystoneAttrs:5 NAME 'keystoneName' SUP name SINGLE-VALUE )";
  const text = (...directives: readonly string[]): string =>
    [
      `objectidentifier keystoneSchema ${BASE}`,
      'objectidentifier keystoneAttrs keystoneSchema:3',
      'objectidentifier keystoneOCs keystoneSchema:4',
      ...directives,
    ].join('\n');

  test('a colon after attributetype is no obstacle', async () => {
    const found = parseSchemaText(
      text(`attributetype: ${WANTED}`, 'objectClass ( keystoneOCs:9 )'),
      'keystone.schema',
    );
    const wanted = await loadShippedSchema('essex-3');
    expect(compareSchema({ ...found, objectClasses: [] }, elementsOf(wanted))).toEqual([]);
  });

  test('two MUST clauses are refused, with the line and the class', () => {
    const source = text(
      'objectClass (',
      "    keystoneOCs:2 NAME 'keystoneUser'",
      '    SUP top AUXILIARY',
      '    MUST keystoneName',
      '    MUST keystoneEnabled',
      '    )',
    );
    expect(() => parseSchemaText(source, 'keystone.schema')).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_INVALID',
        problems: [
          {
            file: 'keystone.schema',
            line: 8,
            column: 5,
            message: 'object class keystoneUser: MUST is given twice.',
          },
        ],
      }) as Error,
    );
  });
});
