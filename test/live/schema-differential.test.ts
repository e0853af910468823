import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valuesOf, type Entry } from '../../src/directory/entry.ts';
import { parseLdif } from '../../src/directory/ldif.ts';
import { KeystoneLdapError, type Problem } from '../../src/errors.ts';
import { findSlapd } from '../../src/sandbox/find-slapd.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { slapdMissing } from '../../src/sandbox/slapd-missing.ts';
import {
  elementsOf,
  type Schema,
  SCHEMA_ATTRIBUTES,
  type SchemaElement,
} from '../../src/schema/definition.ts';
import { formatSchemaLdif } from '../../src/schema/format-schema.ts';
import { readOidMacros, resolveOid, stripIndex } from '../../src/schema/oid-macros.ts';
import { parseSchemaText } from '../../src/schema/parse-schema-text.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { arbitrarySchemaFile } from '../support/arbitrary-schema-file.ts';

const slapd = await installation();

async function installation(): Promise<SlapdInstallation> {
  const found = await findSlapd(process.env);
  if (found === undefined) throw slapdMissing('none was found on this machine');
  return found;
}

/** slapd forgets a file with nothing but syntaxes and content rules when it writes a cn=config: there is no entry. */
type Verdict = { readonly entry: Entry | undefined } | { readonly fault: string };

/** What slapd makes of a file that slapd.conf includes after core.schema: the entry that it writes, or why not. */
async function includedBySlapd(text: string): Promise<Verdict> {
  const folder = DisposableFolder.ofTest();
  const schema = folder.write('drawn.schema', text);
  const conf = folder.write(
    'slapd.conf',
    `include "${join(slapd.schemaDir, 'core.schema')}"\ninclude "${schema}"\n`,
  );
  const database = join(folder.path, 'slapd.d');
  await mkdir(database);
  const args = ['-Ttest', '-u', '-f', conf, '-F', database];
  const { exitCode, stderr } = await runCommand(slapd.slapd, args, { env: slapd.env });
  if (exitCode !== 0)
    return {
      fault: stderr.split('\n').findLast((line) => /: line \d+/.test(line)) ?? `ended with ${exitCode}`,
    };
  return { entry: await storedEntry(database).catch(() => undefined) };
}

/** The entry that slapd keeps after loading our LDIF into cn=config. */
async function loadedBySlapd(schema: Schema): Promise<Entry> {
  const folder = DisposableFolder.ofTest();
  const ours = folder.write('drawn.ldif', formatSchemaLdif(schema));
  const database = join(folder.path, 'slapd.d');
  await mkdir(database);
  const config = join(folder.path, 'config.ldif');
  await writeFile(
    config,
    [
      'dn: cn=config\nobjectClass: olcGlobal\ncn: config\n',
      'dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n',
      `include: ${pathToFileURL(join(slapd.schemaDir, 'core.ldif')).href}\n`,
      `include: ${pathToFileURL(ours).href}\n`,
    ].join('\n'),
  );
  await runToSuccess(slapd.slapd, ['-Tadd', '-n', '0', '-F', database, '-l', config], { env: slapd.env });
  return storedEntry(database);
}

async function storedEntry(database: string): Promise<Entry> {
  const path = join(database, 'cn=config', 'cn=schema', 'cn={1}drawn.ldif');
  const [entry] = parseLdif(await readFile(path, 'utf8'), path);
  if (entry === undefined) throw new Error(`${path} is empty`);
  return entry;
}

/** The definitions of the entry in slapd's words, macros resolved: ours have none. */
function definitionsOf(entry: Entry): readonly string[] {
  const macros = readOidMacros(valuesOf(entry, 'olcObjectIdentifier'));
  const expand = (word: string) => word.replace(/^[^{}]+/, (oid) => resolveOid(oid, macros) ?? oid);
  const outsideQuotes = (text: string) =>
    text
      .replace(/^(\( )(\S+)/, (_, open: string, oid: string) => open + expand(oid))
      .replace(/(SYNTAX )(\S+)/, (_, keyword: string, oid: string) => keyword + expand(oid));
  return SCHEMA_ATTRIBUTES.flatMap(([, attribute]) => valuesOf(entry, attribute)).map((value) =>
    stripIndex(value)
      .split("'")
      .map((part, at) => (at % 2 === 0 ? outsideQuotes(part) : part))
      .join("'")
      .replace('NAME ( )', '')
      .replace(/ +/g, ' '),
  );
}

function convert(text: string): { readonly schema: Schema } | { readonly problems: readonly Problem[] } {
  try {
    return { schema: parseSchemaText(text, 'drawn.schema') };
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'SCHEMA_INVALID') throw error;
    return { problems: error.problems };
  }
}

/** What only the server and the files before this one know (docs/schema-files.md), by slapd's words for it. */
const UNKNOWABLE: readonly (readonly [SchemaElement['element'] | undefined, RegExp])[] = [
  ['attributeType', /AttributeType not found: "([^"]*)"/],
  ['objectClass', /ObjectClass not found: "([^"]*)"/],
  ['ldapSyntax', /(?:Syntax not found|Substitute syntax not found): "([^"]*)"/],
  [undefined, /MatchingRule not found|inappropriate matching rule|includes operational attributes/],
];

/** Whether slapd refuses it over something that the file itself does not define. */
function isUnknowable(fault: string, schema: Schema): boolean {
  return UNKNOWABLE.some(([kind, pattern]) => {
    const found = pattern.exec(fault);
    const name = found?.[1]?.toLowerCase();
    const own = elementsOf(schema).filter(({ element }) => element === kind);
    const defined = own.some(
      ({ oid, names }) => oid === name || names.some((one) => one.toLowerCase() === name),
    );
    return found !== null && !defined;
  });
}

/** Refused on purpose, though slapd takes it: what comes out is no OID. */
const NO_OID = /is neither a numeric OID nor made from a macro defined above/;

test('slapd takes a file if and only if it is converted, and has the same definitions from both', async () => {
  const seen = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(arbitrarySchemaFile, async (text) => {
      const verdict = await includedBySlapd(text);
      const ours = convert(text);
      if ('entry' in verdict) {
        seen.taken += 1;
        if ('problems' in ours) {
          expect(ours.problems.filter(({ message }) => !NO_OID.test(message))).toEqual([]);
          return;
        }
        const loaded = await loadedBySlapd(ours.schema);
        if (verdict.entry !== undefined) expect(definitionsOf(loaded)).toEqual(definitionsOf(verdict.entry));
        return;
      }
      seen.refused += 1;
      if ('problems' in ours) return;
      if (isUnknowable(verdict.fault, ours.schema)) return;
      // Beyond slapd, comments and blank lines may stand inside a definition.
      const without = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
      expect(await includedBySlapd(without.join('\n'))).not.toHaveProperty('fault');
    }),
    { seed: SEED, numRuns: RUNS },
  );
  // Half and half, more or less: a generator of one kind only would prove nothing.
  expect(seen.taken).toBeGreaterThan(RUNS / 5);
  expect(seen.refused).toBeGreaterThan(RUNS / 5);
}, 300_000);

const SEED = Number(process.env['SCHEMA_SEED'] ?? 12);
const RUNS = Number(process.env['SCHEMA_RUNS'] ?? 80);
