import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandFacts } from '../../src/cli/completion/command-facts.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { manualPages } from '../../src/cli/manual/manual-pages.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { testIo } from '../support/test-io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

async function installPackage(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-package-'));
  await runToSuccess('npm', ['pack', '--pack-destination', folder], { cwd: root });
  const [tarball = ''] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--install-links'];
  await runToSuccess('npm', ['install', ...flags, join(folder, tarball)], { cwd: folder });
}

/** Has the compiler of this project read a file of the installing one, as strictly as a user may. */
function compile(file: string, flags: readonly string[]) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--skipLibCheck', '--module', 'nodenext'];
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  const lib = ['--lib', 'es2023,esnext.disposable'];
  return runCommand('node', [tsc, ...strict, ...lib, ...types, ...flags, file], { cwd: folder });
}

describeNeeding(['slapd', 'npm registry'], 'the packed package', () => {
  beforeAll(installPackage, 180_000);
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  test('runs the demo', async () => {
    const { exitCode, stdout, stderr } = await runCommand('npx', ['keystone-ldap', 'demo'], { cwd: folder });
    expect(stderr).not.toContain('error');
    expect(stdout).toContain('Keystone 2011.3 (Diablo) finds what it needs');
    expect(exitCode).toBe(0);
  });

  test('is a library with types', async () => {
    await writeFile(join(folder, 'use.mjs'), USE);
    const { stdout } = await runToSuccess('node', ['use.mjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ changes: 4, again: 0 });

    await writeFile(join(folder, 'use.ts'), TYPED_USE);
    const checked = await compile('use.ts', ['--noEmit', '--target', 'es2023']);
    expect(checked.stdout).toBe('');
    expect(checked.exitCode).toBe(0);
  });

  test('asks of a program what Keystone would answer to a login', async () => {
    await writeFile(join(folder, 'login.mts'), LOGIN);
    const compiled = await compile('login.mts', ['--target', 'es2022']);
    expect(compiled.stdout).toBe('');
    const { stdout } = await runToSuccess('node', ['login.mjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([
      { user: 'alice', enabled: true, refusal: null },
      { user: 'alice', enabled: true, refusal: 'wrong password' },
      { user: 'nobody', refusal: 'there is no such user' },
    ]);
  });

  test('does what its README says of the library', async () => {
    const readme = await readFile(join(folder, 'node_modules/keystone-ldap/README.md'), 'utf8');
    const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
    await writeFile(join(folder, 'identities.yaml'), 'users: [{ name: alice, password: correct-horse-7 }]\n');
    await writeFile(
      join(folder, 'example.mts'),
      example.replace('/var/lib/keystone-ldap', join(folder, 'state')),
    );
    const compiled = await compile('example.mts', ['--target', 'es2022']);
    expect(compiled.stdout).toBe('');
    const { stdout } = await runToSuccess('node', ['example.mjs'], { cwd: folder });
    expect(stdout.split('\n').slice(-5)).toEqual([
      'add-entry ou=UserGroups,dc=example,dc=com',
      'add-entry cn=alice,ou=Users,dc=example,dc=com',
      'add-entry cn=enabled_users,ou=Users,dc=example,dc=com',
      '0 left',
      '',
    ]);
  });

  test('imports no source file', async () => {
    // tsc leaves `import('./x.ts')` as it is in a function with `await using`.
    const dist = join(folder, 'node_modules/keystone-ldap/dist');
    const files = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(files.map((name) => readFile(join(dist, name), 'utf8')));
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((_, at) => /(?:from|import\() ?['"][^'"]*\.ts['"]/.test(texts[at] ?? ''))).toEqual(
      [],
    );
  });

  test('ships the manual of its own commands', async () => {
    const program = await buildProgram(testIo().io, () => undefined);
    const pages = manualPages(commandFacts(program), { version: program.version() ?? '', date: 'DATE' });
    const shipped = join(folder, 'node_modules/keystone-ldap/man');
    expect((await readdir(shipped)).toSorted()).toEqual(pages.map(({ file }) => file).toSorted());
    for (const { file, text } of pages) {
      const page = await readFile(join(shipped, file), 'utf8');
      expect(page.replace(/"\d{4}-\d\d-\d\d"/, '"DATE"')).toBe(text);
    }
  });

  test('ships no tests and no sources', async () => {
    const shipped = await readdir(join(folder, 'node_modules/keystone-ldap'));
    expect(shipped.toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin',
        'container',
        'dist',
        'docs',
        'fixtures',
        'man',
        'package.json',
        'schema',
      ].toSorted(),
    );
  });
});

const BODY = `
const sandbox = await startSandbox();
const credentials = { kind: 'simple', dn: sandbox.bindDn, password: sandbox.password };
const directory = await openSession({ uri: sandbox.uri, credentials });
const openConfig = () => openSession({ uri: sandbox.ldapiUri, credentials: { kind: 'external' } });
const release = findRelease('diablo');
const target = { release, trees: treesBelow(release, sandbox.suffix), schemaFile: undefined, replaceSchema: false };
const changes = await planInit({ directory, openConfig }, target);
for await (const step of apply(changes, { directory, openConfig })) void step;
const again = await planInit({ directory, openConfig }, target);
process.stdout.write(JSON.stringify({ changes: changes.length, again: again.length }));
await directory[Symbol.asyncDispose]();
await sandbox.stop();
`;
const IMPORTS =
  "import { apply, findRelease, openSession, planInit, startSandbox, treesBelow } from 'keystone-ldap';";
const USE = `${IMPORTS}\n${BODY}`;
const TYPED_USE = `${IMPORTS}\n${BODY.replace("kind: 'simple',", "kind: 'simple' as const,")}`;

/** By keystone.conf, as the command does. */
const LOGIN = `
import { writeFile } from 'node:fs/promises';
import { connectAsKeystone, findRelease, login, readBackends, readKeystoneFiles, Secret, startSandbox, openSession } from 'keystone-ldap';
await using sandbox = await startSandbox();
await using directory = await openSession({ uri: sandbox.ldapiUri, credentials: { kind: 'external' } });
const users = \`ou=Users,\${sandbox.suffix}\`;
await directory.add({ dn: sandbox.suffix, attributes: { objectClass: ['domain'], dc: ['example'] } });
await directory.add({ dn: users, attributes: { objectClass: ['organizationalUnit'], ou: ['Users'] } });
await directory.add({ dn: \`ou=UserGroups,\${sandbox.suffix}\`, attributes: { objectClass: ['organizationalUnit'], ou: ['UserGroups'] } });
const alice = { objectClass: ['inetOrgPerson'], cn: ['alice'], sn: ['alice'], userPassword: ['secret'] };
await directory.add({ dn: \`cn=alice,\${users}\`, attributes: alice });
const conf = [
  '[identity]', 'driver = ldap', '[ldap]', \`url = \${sandbox.uri}\`, \`suffix = \${sandbox.suffix}\`,
  \`user = \${sandbox.bindDn}\`, \`password = \${sandbox.password.reveal()}\`, '',
];
await writeFile('keystone.conf', conf.join('\\n'));
const source = { files: ['keystone.conf'] as const };
const [reading] = readBackends(await readKeystoneFiles(source, findRelease('2026.1')), source);
const backend = reading?.backend;
if (backend === undefined) throw new Error('no driver');
const { session, options } = await connectAsKeystone(backend.server, backend.file);
if (session === undefined || options === undefined) throw new Error('no connection');
await using opened = session;
const target = { ...backend, session: opened, server: options };
const answers = [];
for (const [name, password] of [['alice', 'secret'], ['alice', 'wrong'], ['nobody', 'secret']] as const) {
  const { user, enabled, refusal } = await login(name, new Secret(password), target);
  answers.push({ user, enabled, refusal: refusal ?? null });
}
console.log(JSON.stringify(answers));
`;
