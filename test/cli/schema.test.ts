import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { elementsOf } from '../../src/schema/definition.ts';
import { formatDefinition } from '../../src/schema/format-definition.ts';
import { formatSchemaLdif } from '../../src/schema/format-schema.ts';
import { parseSchemaLdif } from '../../src/schema/parse-schema-ldif.ts';
import { loadShippedSchema, SCHEMA_REVISIONS, shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { testIo } from '../support/test-io.ts';

async function run(argv: readonly string[], stdin = '') {
  const { io, stdout, stderr } = testIo({ stdin });
  const exitCode = await main(['schema', ...argv], io);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

async function json(argv: readonly string[]) {
  return JSON.parse((await run([...argv, '--json'])).stdout) as unknown;
}

describe('schema list', () => {
  test('tells of each revision what it is for and where its files are', async () => {
    const { exitCode, stdout } = await run(['list']);
    expect(exitCode).toBe(0);
    for (const { name } of SCHEMA_REVISIONS) {
      const { schema, ldif } = shippedSchemaFiles(name);
      expect(stdout).toContain(schema);
      expect(stdout).toContain(ldif);
    }
    expect(stdout).toContain('for releases  2011.3, diablo, 2011.3.1\n');
  });

  test('--json', async () => {
    expect(await json(['list'])).toMatchObject({
      version: 1,
      command: 'schema list',
      revisions: SCHEMA_REVISIONS.map(({ name }) => ({ name, files: shippedSchemaFiles(name) })),
    });
  });
});

describe('schema show', () => {
  test.each([
    [['2011.3'], shippedSchemaFiles('2011.3').schema],
    [['Diablo', '--format', 'ldif'], shippedSchemaFiles('2011.3').ldif],
    [['2011-08', '--format', 'schema'], shippedSchemaFiles('blog').schema],
    [['essex-2', '--format', 'ldif'], shippedSchemaFiles('essex-1').ldif],
  ])('%j prints the shipped file byte for byte', async (argv, file) => {
    expect(await run(['show', ...argv])).toEqual({
      exitCode: 0,
      stdout: await readFile(file, 'utf8'),
      stderr: '',
    });
  });

  test('--json', async () => {
    const { ldif: file } = shippedSchemaFiles('essex-3');
    expect(await json(['show', 'essex-3', '--format', 'ldif'])).toEqual({
      version: 1,
      command: 'schema show',
      revision: 'essex-3',
      format: 'ldif',
      file,
      text: await readFile(file, 'utf8'),
    });
  });

  test('guesses what a misspelt release was to be', async () => {
    const { exitCode, stdout, stderr } = await run(['show', 'diabolo']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('"diabolo" is not a release');
    expect(stderr).toContain('Did you mean "diablo"?');
  });

  test('refuses another form', async () => {
    const { exitCode, stderr } = await run(['show', 'diablo', '--format', 'xml']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('schema, ldif');
  });
});

describe('schema convert', () => {
  const { schema: SCHEMA, ldif: LDIF } = shippedSchemaFiles('2011.3');
  const definitions = async () => elementsOf(await loadShippedSchema('2011.3')).map(formatDefinition);

  test('makes LDIF of a .schema, on standard output', async () => {
    const { exitCode, stdout } = await run(['convert', SCHEMA]);
    expect(exitCode).toBe(0);
    expect(stdout.startsWith('dn: cn=keystone,cn=schema,cn=config\n')).toBe(true);
    const parsed = parseSchemaLdif(stdout, 'out.ldif');
    expect(elementsOf(parsed).map(formatDefinition)).toEqual(await definitions());
  });

  test('converts there and back into a file, and says so beside the result', async () => {
    const { path } = DisposableFolder.ofTest();
    const [there, back] = [join(path, 'my keystone.ldif'), join(path, 'back.schema')];
    expect(await run(['convert', SCHEMA, '-o', there])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Wrote ${there}.\n`,
    });
    expect((await run(['convert', there, '-o', back])).exitCode).toBe(0);
    const again = await run(['convert', back, '--name', 'keystone']);
    expect(again.stdout).toBe(formatSchemaLdif(await loadShippedSchema('2011.3')));
  });

  test('--name names the entry, quoted where a DN needs it', async () => {
    const { stdout } = await run(['convert', SCHEMA, '--name', 'a,b']);
    expect(stdout).toContain('dn: cn=a\\,b,cn=schema,cn=config\n');
    expect(stdout).toContain('cn: a,b\n');
  });

  test.each([
    ['--to ldif', ['--to', 'ldif', '--name', 'x'], 'dn: cn=x,cn=schema,cn=config\n'],
    ['the name of the output', ['-o', '<folder>/x.ldif'], 'dn: cn=x,cn=schema,cn=config\n'],
  ])('reads standard input where %s tells the form', async (_, flags, expected) => {
    const dir = DisposableFolder.ofTest().path;
    const argv = flags.map((flag) => flag.replace('<folder>', dir));
    const { exitCode, stdout } = await run(['convert', '-', ...argv], await readFile(SCHEMA, 'utf8'));
    expect(exitCode).toBe(0);
    const written = stdout === '' ? await readFile(join(dir, 'x.ldif'), 'utf8') : stdout;
    expect(written).toContain(expected);
  });

  test('reads LDIF on standard input, which has its own name', async () => {
    const { stdout } = await run(['convert', '-', '--to', 'schema'], await readFile(LDIF, 'utf8'));
    expect(stdout).toMatch(/^attributetype \( 1\.3\.6\.1\.3\.1\.666\.667\.3\.1 NAME 'keystoneEnabled'/);
  });

  test('writes a form anew where it is told to', async () => {
    const { stdout } = await run(['convert', SCHEMA, '--to', 'schema']);
    expect(stdout).toMatch(/^attributetype/);
    expect(stdout).not.toContain('#');
  });

  test.each([
    ['the form of standard input', ['-'], 'The form of standard input is not known.'],
    ['the name of standard input', ['-', '--to', 'ldif'], 'The schema on standard input has no name.'],
    ['the form of the file', ['notes.txt'], 'The form of notes.txt is not known.'],
    ['one form', ['a.schema', '--to', 'ldif', '-o', 'a.schema'], 'contradict each other'],
    ['a file that is there', ['/nonexistent/a.schema'], 'Cannot read /nonexistent/a.schema'],
    [
      'a place to write',
      [SCHEMA, '-o', '/nonexistent/a.ldif'],
      'Cannot write /nonexistent/a.ldif: its folder',
    ],
  ])('wants %s', async (_, argv, message) => {
    const { exitCode, stdout, stderr } = await run(['convert', ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('tells every fault with its file and line, and writes nothing', async () => {
    const folder = DisposableFolder.ofTest();
    const output = join(folder.path, 'out.ldif');
    const file = folder.write(
      'bad.schema',
      [
        "attributetype ( 1.2.3 NAME 'one' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 COLOUR red )",
        '# a comment',
        "objectclass ( 1.2.4 NAME 'two' MUST one MUST two )",
        'ditcontentrule ( name )',
        '',
      ].join('\n'),
    );
    const { exitCode, stdout, stderr } = await run(['convert', file, '-o', output]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const line of [1, 3, 4]) expect(stderr).toContain(`${file}:${line}:`);
    await expect(readFile(output)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('--json gives the faults as data', async () => {
    const file = DisposableFolder.ofTest().write(
      'bad.ldif',
      'dn: cn=x,cn=schema,cn=config\nobjectClass: olcSchemaConfig\nolcObjectClasses: (\n',
    );
    const { exitCode, stdout } = await run(['convert', file, '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      error: { code: 'SCHEMA_INVALID', problems: [{ file, line: 3 }] },
    });
  });

  test('--json gives the text too', async () => {
    expect(await json(['convert', LDIF])).toMatchObject({
      command: 'schema convert',
      from: 'ldif',
      to: 'schema',
      name: 'keystone',
      output: '-',
      text: expect.stringMatching(/^attributetype/) as string,
    });
  });
});

test.each(['list', 'show', 'convert', 'diff'])('schema %s --help has examples', async (name) => {
  const { exitCode, stdout } = await run([name, '--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`Usage: keystone-ldap schema ${name}`);
  expect(stdout).toContain('Examples:');
});

test('schema alone shows what it can do', async () => {
  const { exitCode, stderr } = await run([]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('convert');
});
