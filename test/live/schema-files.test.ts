import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { valuesOf } from '../../src/directory/entry.ts';
import { parseLdif } from '../../src/directory/ldif.ts';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { readText } from '../../src/files.ts';
import { findSlapd } from '../../src/sandbox/find-slapd.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { slapdMissing } from '../../src/sandbox/slapd-missing.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { compareSchema } from '../../src/schema/compare-schema.ts';
import { elementsOf, type Schema } from '../../src/schema/definition.ts';
import { formatDefinition } from '../../src/schema/format-definition.ts';
import { formatSchemaLdif, formatSchemaText } from '../../src/schema/format-schema.ts';
import { readOidMacros } from '../../src/schema/oid-macros.ts';
import { parseSchemaEntry, parseSchemaLdif } from '../../src/schema/parse-schema-ldif.ts';
import { parseSchemaText } from '../../src/schema/parse-schema-text.ts';
import { parseSubschema, SUBSCHEMA_ATTRIBUTES } from '../../src/schema/parse-subschema.ts';
import { loadShippedSchema, SCHEMA_REVISIONS, shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const slapd = await installation();
const revisions = SCHEMA_REVISIONS.map(({ name }) => name);

async function installation(): Promise<SlapdInstallation> {
  const found = await findSlapd(process.env);
  if (found === undefined) throw slapdMissing('none was found on this machine');
  return found;
}

/** Has slapd read a slapd.conf that includes the files. */
async function testConf(files: readonly string[]) {
  const conf = join(DisposableFolder.ofTest().path, 'slapd.conf');
  await writeFile(conf, files.map((file) => `include "${file}"\n`).join(''));
  return runCommand(slapd.slapd, ['-Ttest', '-u', '-f', conf], { env: slapd.env });
}

/** Has slapd make a cn=config of the files, and gives back all that slapd then has in its schema entries. */
async function loadConfig(files: readonly string[]): Promise<readonly Schema[]> {
  const directory = DisposableFolder.ofTest().path;
  const database = join(directory, 'slapd.d');
  const ldif = join(directory, 'config.ldif');
  await mkdir(database);
  const head = ['dn: cn=config\nobjectClass: olcGlobal\ncn: config\n'];
  const schema = 'dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n';
  const includes = files.map((file) => `include: ${pathToFileURL(file).href}\n`);
  await writeFile(ldif, [...head, schema, ...includes].join('\n'));
  const run = (...args: readonly string[]) =>
    runToSuccess(slapd.slapd, [...args, '-n', '0', '-F', database], { env: slapd.env });
  await run('-Tadd', '-l', ldif);
  const records = parseLdif((await run('-Tcat')).stdout).filter(({ dn }) => /,cn=schema,cn=config$/.test(dn));
  const macros = readOidMacros(records.flatMap((record) => valuesOf(record, 'olcObjectIdentifier')));
  return records.map((record) => parseSchemaEntry(record, macros));
}

const stock = (name: string): string => join(slapd.schemaDir, name);

describe.each(revisions)('revision %s', (revision) => {
  const files = shippedSchemaFiles(revision);

  test('slapd takes the .schema through an include line', async () => {
    const { exitCode, stderr } = await testConf([stock('core.schema'), files.schema]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  });

  test('slapd takes the LDIF into cn=config, and gives the same definitions back', async () => {
    const loaded = await loadConfig([stock('core.ldif'), files.ldif]);
    const wanted = await loadShippedSchema(revision);
    const keystone = loaded.find(({ name }) => name === 'keystone');
    expect(keystone && elementsOf(keystone).map(formatDefinition)).toEqual(
      elementsOf(wanted).map(formatDefinition),
    );
    expect(compareSchema(wanted, loaded.flatMap(elementsOf))).toEqual([]);
  });

  test('a running server shows it in its subschema', async () => {
    await using directory = await startSandbox({ slapd });
    await using session = await openSession({
      uri: directory.ldapiUri,
      credentials: { kind: 'external' },
    });
    const wanted = await loadShippedSchema(revision);
    const before = await subschemaOf(session);
    expect(compareSchema(wanted, before).map(({ kind }) => kind)).toEqual(
      elementsOf(wanted).map(() => 'missing'),
    );
    const [record] = parseLdif(await readText(files.ldif));
    if (record !== undefined) await session.add({ dn: record.dn, attributes: record.attributes });
    expect(compareSchema(wanted, await subschemaOf(session))).toEqual([]);
  });
});

async function subschemaOf(session: Session) {
  const root = await session.read('', ['subschemaSubentry']);
  const [dn = ''] = root === undefined ? [] : valuesOf(root, 'subschemaSubentry');
  const names = SUBSCHEMA_ATTRIBUTES.map(([, name]) => name);
  const entry = (await session.read(dn, names)) ?? { dn, attributes: {} };
  return elementsOf(parseSubschema(Object.fromEntries(names.map((name) => [name, valuesOf(entry, name)]))));
}

test('slapd refuses two revisions whose OIDs clash', async () => {
  const [blog, diablo] = [shippedSchemaFiles('blog'), shippedSchemaFiles('2011.3')];
  const { exitCode, stderr } = await testConf([stock('core.schema'), blog.schema, diablo.schema]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('Duplicate');
});

describe('the schema files that OpenLDAP ships', () => {
  test('all are read, in both forms alike', async () => {
    const names = await readdir(slapd.schemaDir);
    const stems = names.flatMap((name) =>
      name.endsWith('.schema') ? [name.slice(0, -'.schema'.length)] : [],
    );
    const pairs = stems.filter((stem) => names.includes(`${stem}.ldif`));
    const read: string[] = [];
    for (const stem of pairs) {
      const [text, ldif] = [await readText(stock(`${stem}.schema`)), await readText(stock(`${stem}.ldif`))];
      const fromText = parseSchemaText(text, stock(`${stem}.schema`));
      const fromLdif = parseSchemaLdif(ldif, stock(`${stem}.ldif`));
      expect([stem, compareSchema(fromText, elementsOf(fromLdif))]).toEqual([stem, []]);
      expect([stem, compareSchema(fromLdif, elementsOf(fromText))]).toEqual([stem, []]);
      read.push(stem);
    }
    // 2.4 has no dsee.
    expect(read).toEqual(expect.arrayContaining(['core', 'cosine', 'inetorgperson', 'nis', 'pmi']));
    expect(read.includes('dsee')).toBe(names.includes('dsee.ldif'));
  });

  test('slapd loads them as our printers write them', async () => {
    const directory = DisposableFolder.ofTest().path;
    const stems = ['core', 'cosine', 'nis', 'inetorgperson'];
    const schemas: Schema[] = [];
    for (const stem of stems) {
      const schema = parseSchemaText(await readText(stock(`${stem}.schema`)), stock(`${stem}.schema`));
      await writeFile(join(directory, `${stem}.schema`), formatSchemaText(schema));
      await writeFile(join(directory, `${stem}.ldif`), formatSchemaLdif(schema));
      schemas.push(schema);
    }
    const written = (extension: string) => stems.map((stem) => join(directory, `${stem}.${extension}`));
    const { exitCode, stderr } = await testConf(written('schema'));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const loaded = (await loadConfig(written('ldif'))).flatMap(elementsOf);
    for (const schema of schemas) expect(compareSchema(schema, loaded)).toEqual([]);
  });
});
