import { spawnSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { parseConf } from '../../src/keystone-conf/document/document.ts';
import { readLegacyConf, type LegacyConf } from '../../src/keystone-conf/legacy/read-legacy-conf.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { asOrdinaryUser } from '../support/as-ordinary-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { runCli, runCliAsAdmin, type CliResult } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const PASSWORD = 'geheim-7301';
const SUFFIX = 'dc=example,dc=com';

const shipped = (release: string) => readFile(packageFile(`fixtures/keystone-conf/${release}.conf`), 'utf8');

/** A keystone.conf in a folder of its own. */
async function confFile(content: string | Buffer): Promise<string> {
  const path = join(DisposableFolder.ofTest().path, 'keystone.conf');
  await writeFile(path, content);
  return path;
}

/** Configures a file for one account; no server is needed where the suffix is given. */
function configure(path: string, flags: readonly string[] = [], password = PASSWORD): Promise<CliResult> {
  const account = ['-H', 'ldap://ldap1', '-D', 'cn=keystone,dc=example,dc=com', '--suffix', SUFFIX];
  return runCli(['configure', '--keystone-conf', path, ...account, ...flags], {
    env: { KEYSTONE_LDAP_PASSWORD: password },
  });
}

/** What Keystone of this release takes from the file. */
async function readBack(path: string, release = '2011.3'): Promise<LegacyConf> {
  const { conf: style } = findRelease(release);
  if (style.kind !== 'legacy') throw new Error(`${release} is no release of 2011`);
  const reading = readLegacyConf(parseConf(await readFile(path), path), style);
  if (reading.problems !== undefined) throw new Error(JSON.stringify(reading.problems));
  return reading.conf;
}

/** The text with each old part, which stands in it once, replaced. */
function edited(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((whole, [from, to]) => {
    expect(whole.split(from)).toHaveLength(2);
    return whole.replace(from, () => to);
  }, text);
}

test('two files are refused where only one is used', async () => {
  const conf = await confFile('[ldap]\n');
  const files = ['--keystone-conf', 'other.conf', '--keystone-conf', conf];
  for (const argv of [['configure'], ['config', 'init'], ['wizard'], ['seed']]) {
    const { exitCode, stderr } = await runCli([...argv, ...files]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('other.conf is named already');
  }
  expect((await runCli(['configure', ...files])).stderr).toContain(
    'configure edits one file. Name the one that sets the options of [ldap].',
  );
});

const BACKENDS = [
  'backends = keystone.backends.sqlalchemy\n',
  'backends = keystone.backends.sqlalchemy,keystone.backends.ldap\n',
] as const;

const ENTITIES = [
  `backend_entities = ['UserRoleAssociation', 'Endpoints', 'Role', 'Tenant',
                    'User', 'Credentials', 'EndpointTemplates', 'Token',
                    'Service']
`,
  `backend_entities = ['Endpoints', 'Role',
                    'Credentials', 'EndpointTemplates', 'Token',
                    'Service']
`,
] as const;

const SECTION = `
[keystone.backends.ldap]
ldap_url = ldap://ldap1
ldap_user = cn=keystone,dc=example,dc=com
ldap_password = ${PASSWORD}
`;

const CLOUD_TREES = `user_tree_dn = ou=Users,dc=cloud
tenant_tree_dn = ou=Groups,dc=cloud
role_tree_dn = ou=Groups,dc=cloud
`;

describe('the edit of the shipped files', () => {
  test.each([
    ['blog', 'blog', 'no hash-password'],
    ['2011.3', '2011.3 or essex-1 or essex-2 or 2012-01-20', 'hash-password = True'],
    ['essex-1', '2011.3 or essex-1 or essex-2 or 2012-01-20', 'hash-password = True'],
    ['essex-2', '2011.3 or essex-1 or essex-2 or 2012-01-20', 'hash-password = True'],
    ['2012-01-20', '2012-01-20', 'global_service_id = global'],
    ['essex-3', 'essex-3', 'hash_password = True'],
  ])('%s', async (release, candidates, evidence) => {
    const original = await shipped(release);
    const path = await confFile(original);
    const { exitCode, stdout, stderr } = await configure(path);
    expect(exitCode).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(edited(original, [BACKENDS, ENTITIES]) + SECTION);
    expect(stdout).toContain(`--- ${path}\n+++ ${path}\n@@ `);
    expect(stdout).toContain('+ldap_password = ***\n');
    expect(stderr).toContain(`${path} is of ${candidates} (`);
    expect(stderr).toContain(evidence);
    expect(stderr).toContain(`Wrote ${path}; the previous version is in ${path}.1.bak.\n`);
    expect(await readFile(`${path}.1.bak`, 'utf8')).toBe(original);
  });

  test.each(['blog', '2011.3', 'essex-1', 'essex-2', '2012-01-20'])(
    '%s with trees elsewhere',
    async (release) => {
      const original = await shipped(release);
      const path = await confFile(original);
      expect(await configure(path, ['--release', release, '--suffix', 'dc=cloud'])).toMatchObject({
        exitCode: 0,
      });
      expect(await readFile(path, 'utf8')).toBe(
        edited(original, [BACKENDS, ENTITIES]) + SECTION + CLOUD_TREES,
      );
    },
  );

  test('writes of the trees only those that the release would look for elsewhere', async () => {
    const path = await confFile(await shipped('2011.3'));
    const trees = ['--user-tree-dn', 'OU=Users, DC=example, DC=com', '--role-tree-dn', 'ou=Roles,dc=x'];
    expect(await configure(path, trees)).toMatchObject({ exitCode: 0 });
    expect(await readFile(path, 'utf8')).toMatch(
      /\nldap_password = geheim-7301\nrole_tree_dn = ou=Roles,dc=x\n$/,
    );
  });

  test.each([
    ['--suffix', 'dc=cloud', 'user_tree_dn', 'tenant_tree_dn', 'role_tree_dn'],
    ['--role-tree-dn', 'ou=Roles,dc=example,dc=com', 'role_tree_dn'],
  ])('refuses %s %s for essex-3, which reads no trees', async (flag, dn, ...options) => {
    const path = await confFile(await shipped('essex-3'));
    const { exitCode, stdout, stderr } = await configure(path, [flag, dn]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const option of options) expect(stderr).toContain(`${option} is not read by this release`);
    expect(await readFile(path, 'utf8')).toBe(await shipped('essex-3'));
  });
});

describe('the release', () => {
  const plain = '[DEFAULT]\nbackends = keystone.backends.sqlalchemy\n';

  test('is the default where the file does not tell', async () => {
    const path = await confFile(plain);
    const { exitCode, stderr } = await configure(path);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${path} does not tell the release; taking 2011.3 (override with --release).`);
  });

  test('is the one that was named, without a word where nothing contradicts', async () => {
    const { stderr } = await configure(await confFile(plain), ['--release', 'essex-3', '--dry-run']);
    expect(stderr).not.toContain('release');
    expect(stderr).not.toContain('looks like');
  });

  test('that contradicts the file is warned of', async () => {
    const path = await confFile(await shipped('essex-3'));
    const { exitCode, stderr } = await configure(path, ['--release', 'diablo']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`warning: ${path} looks like essex-3 (hash_password = True, `);
    expect(stderr).toContain(', not 2011.3.\n');
  });

  test('of the same file as another is not', async () => {
    const path = await confFile(await shipped('2011.3'));
    expect((await configure(path, ['--release', 'essex-2'])).stderr).not.toContain('looks like');
  });
});

describe('what is done with the file', () => {
  test('a second run has already up to date and does not touch it', async () => {
    const path = await confFile(await shipped('2011.3'));
    await configure(path);
    const before = await stat(path, { bigint: true });
    const { exitCode, stdout, stderr } = await configure(path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${path}: already up to date.\n` });
    expect(stderr).not.toContain('Wrote');
    const after = await stat(path, { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
    expect(await readdir(join(path, '..'))).toEqual(['keystone.conf', 'keystone.conf.1.bak']);
  });

  test('--dry-run prints the diff and writes nothing', async () => {
    const path = await confFile(await shipped('2011.3'));
    const before = await stat(path, { bigint: true });
    const { exitCode, stdout, stderr } = await configure(path, ['--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`--- ${path}
+++ ${path}
@@ -12,7 +12,7 @@
 log_file = keystone.log
 
 # Backends, separated by commas without blanks; a later one takes over what an earlier one served
-backends = keystone.backends.sqlalchemy
+backends = keystone.backends.sqlalchemy,keystone.backends.ldap
 # For identities in LDAP append ,keystone.backends.ldap
 
 # The response header in which each service finds its endpoint; others get X-(NAME)
@@ -39,8 +39,8 @@
 [keystone.backends.sqlalchemy]
 # Any connection string that SQLAlchemy takes
 sql_connection = sqlite:///keystone.db
-backend_entities = ['UserRoleAssociation', 'Endpoints', 'Role', 'Tenant',
-                    'User', 'Credentials', 'EndpointTemplates', 'Token',
+backend_entities = ['Endpoints', 'Role',
+                    'Credentials', 'EndpointTemplates', 'Token',
                     'Service']
 
 # Seconds after which an idle connection is opened anew
@@ -75,3 +75,8 @@
 
 [filter:debug]
 paste.filter_factory = keystone.common.wsgi:debug_filter_factory
+
+[keystone.backends.ldap]
+ldap_url = ldap://ldap1
+ldap_user = cn=keystone,dc=example,dc=com
+ldap_password = ***
`);
    expect(stderr).toContain('Nothing was written (--dry-run).\n');
    expect((await stat(path, { bigint: true })).ctimeNs).toBe(before.ctimeNs);
    expect(await readdir(join(path, '..'))).toEqual(['keystone.conf']);
  });

  test('-o writes another file and leaves this one', async () => {
    const original = await shipped('2011.3');
    const path = await confFile(original);
    const other = join(path, '..', 'new.conf');
    const { exitCode, stderr } = await configure(path, ['-o', other]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`Wrote ${other}.\n`);
    expect(await readFile(path, 'utf8')).toBe(original);
    expect(await readFile(other, 'utf8')).toBe(edited(original, [BACKENDS, ENTITIES]) + SECTION);
    expect((await stat(other)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['keystone.conf', 'new.conf']);
  });

  test('-o writes a file that needs no edit, too', async () => {
    const path = await confFile(await shipped('2011.3'));
    await configure(path);
    const other = join(path, '..', 'new.conf');
    expect(await configure(path, ['-o', other])).toMatchObject({ exitCode: 0 });
    expect(await readFile(other)).toEqual(await readFile(path));
  });

  test.each([[[]], [['--json']]])(
    '-o - writes exactly the file to standard output, with %j too',
    async (more) => {
      const original = await shipped('2011.3');
      const path = await confFile(original);
      const { exitCode, stdout, stderr } = await configure(path, ['-o', '-', ...more]);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(edited(original, [BACKENDS, ENTITIES]) + SECTION);
      expect(stderr).not.toContain('Nothing was written');
      expect(await readFile(path, 'utf8')).toBe(original);
    },
  );

  test('--no-backup keeps no copy', async () => {
    const path = await confFile(await shipped('2011.3'));
    expect((await configure(path, ['--no-backup'])).stderr).toContain(`Wrote ${path}.\n`);
    expect(await readdir(join(path, '..'))).toEqual(['keystone.conf']);
  });

  test('mode and owner stay, those of the backup are the same', async () => {
    const path = await confFile(await shipped('2011.3'));
    if (process.geteuid?.() === 0) await chown(path, 1234, 4321);
    await chmod(path, 0o640);
    const { uid, gid, ino } = await stat(path);
    expect(await configure(path)).toMatchObject({ exitCode: 0 });
    for (const file of [path, `${path}.1.bak`]) {
      const status = await stat(file);
      expect([status.uid, status.gid, status.mode & 0o777]).toEqual([uid, gid, 0o640]);
    }
    expect((await stat(path)).ino).not.toBe(ino);
  });

  test('a symbolic link is followed and stays one', async () => {
    const original = await shipped('2011.3');
    const path = await confFile(original);
    await mkdir(join(path, '..', 'etc'));
    const link = join(path, '..', 'etc', 'keystone.conf');
    await symlink('../keystone.conf', link);
    expect((await configure(link)).stderr).toContain(
      `Wrote ${path}; the previous version is in ${path}.1.bak.\n`,
    );
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(edited(original, [BACKENDS, ENTITIES]) + SECTION);
  });

  test('--json tells the edits as data, passwords hidden', async () => {
    const path = await confFile(await shipped('2011.3'));
    const { stdout } = await configure(path, ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: 'configure',
      applied: true,
      files: [
        {
          file: path,
          path,
          backup: `${path}.1.bak`,
          edits: [
            {
              section: 'DEFAULT',
              option: 'backends',
              from: 'keystone.backends.sqlalchemy',
              to: 'keystone.backends.sqlalchemy,keystone.backends.ldap',
            },
            { section: 'keystone.backends.sqlalchemy', option: 'backend_entities' },
            { section: 'keystone.backends.ldap', option: 'ldap_url', to: 'ldap://ldap1' },
            { option: 'ldap_user', to: 'cn=keystone,dc=example,dc=com' },
            { option: 'ldap_password', to: '***', secret: true },
          ],
        },
      ],
      notes: [],
    });
    expect(JSON.parse((await configure(path, ['--json'])).stdout)).toMatchObject({
      applied: true,
      files: [{ edits: [] }],
    });
  });
});

describe('a file that cannot be edited', () => {
  test('that is missing', async () => {
    const path = join(DisposableFolder.ofTest().path, 'keystone.conf');
    const { exitCode, stdout, stderr } = await configure(path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error: Cannot read ${path}: there is no such file.`);
  });

  test('that is read-only', async () => {
    const path = await confFile(await shipped('2011.3'));
    await chmod(join(path, '..'), 0o777);
    await chmod(path, 0o444);
    const { exitCode, stderr } = await asOrdinaryUser(() => configure(path, ['--no-journal']));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: Cannot write ${path}: permission denied.`);
    expect(await readFile(path, 'utf8')).toBe(await shipped('2011.3'));
    expect(await readdir(join(path, '..'))).toEqual(['keystone.conf']);
  });

  test('whose directory is read-only', async () => {
    const path = await confFile(await shipped('2011.3'));
    await chmod(path, 0o666);
    await chmod(join(path, '..'), 0o555);
    const { exitCode, stderr } = await asOrdinaryUser(() => configure(path, ['--no-journal']));
    await chmod(join(path, '..'), 0o755);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: Cannot write ${path}: permission denied.`);
    expect(await readFile(path, 'utf8')).toBe(await shipped('2011.3'));
  });

  test('that Keystone could not read either', async () => {
    const path = await confFile('stray\n[DEFAULT]\nbackends = x\n  = y\n\n[a\n');
    const { exitCode, stderr } = await configure(path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${path} has 2 lines that Keystone cannot read.`);
    expect(stderr).toContain(`${path}:1: `);
    expect(stderr).toContain(`${path}:6: `);
  });

  test('whose entities are no list', async () => {
    const path = await confFile("[keystone.backends.sqlalchemy]\nbackend_entities = ['User' 'Role']\n");
    const { exitCode, stderr } = await configure(path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${path}:2:28: `);
  });
});

describe('bytes that the edit does not concern stay', () => {
  const unusual = [
    '# Grüße in latin1: Gr\xfc\xdfe\r',
    '[DEFAULT]\r',
    'verbose = False\r',
    'backends = x\r',
    'backends = keystone.backends.sqlalchemy\r',
    '[keystone.backends.sqlalchemy]\r',
    'backend_entities: ["Tenant", "Token"]  ; all of them\r',
    '; \xff\r',
    'verbose = True',
  ].join('\n');

  test('CRLF, no final newline, duplicate keys, bytes that are no UTF-8', async () => {
    const path = await confFile(Buffer.from(unusual, 'latin1'));
    expect(await configure(path)).toMatchObject({ exitCode: 0 });
    const section = SECTION.replaceAll('\n', '\r\n').replace(/\r\n$/, '');
    expect(await readFile(path, 'latin1')).toBe(
      edited(unusual, [
        [
          'backends = keystone.backends.sqlalchemy\r',
          'backends = keystone.backends.sqlalchemy,keystone.backends.ldap\r',
        ],
        ['["Tenant", "Token"]', '["Token"]'],
      ]) + `\r\n${section}`,
    );
    expect(await configure(path)).toMatchObject({ exitCode: 0, stdout: `${path}: already up to date.\n` });
  });

  test('values go beside their commented-out defaults', async () => {
    const path = await confFile(
      '[keystone.backends.ldap]\n# The server\n#ldap_url = ldap://localhost\n\n# The rest\n#ldap_user: cn=Admin\n#ldap_password=\n',
    );
    await configure(path);
    expect(await readFile(path, 'utf8')).toContain(
      [
        '# The server',
        '#ldap_url = ldap://localhost',
        'ldap_url = ldap://ldap1',
        '',
        '# The rest',
        '#ldap_user: cn=Admin',
        'ldap_user: cn=keystone,dc=example,dc=com',
        '#ldap_password=',
        `ldap_password=${PASSWORD}`,
      ].join('\n'),
    );
  });
});

describe('tokens', () => {
  test('stay in SQL, which one line explains', async () => {
    const path = await confFile(await shipped('2011.3'));
    const { stderr } = await configure(path);
    expect(stderr).toContain('Token stays in SQL, because LDAP stores no tokens; --move-token takes it out');
    expect(stderr).not.toContain('warning');
    expect((await readBack(path)).sqlEntities).toEqual([
      'Endpoints',
      'Role',
      'Credentials',
      'EndpointTemplates',
      'Token',
      'Service',
    ]);
  });

  test('--move-token takes them out and warns where nothing else stores them', async () => {
    const path = await confFile(await shipped('2011.3'));
    const { stdout, stderr } = await configure(path, ['--move-token']);
    expect(stderr).toContain('warning: Nothing stores tokens, so that nobody can log in: ');
    expect(stderr).not.toContain('Token stays in SQL');
    expect(stdout).toContain("+                    'Credentials', 'EndpointTemplates',\n");
    expect((await readBack(path)).sqlEntities).not.toContain('Token');
    const again = await configure(path, ['--move-token', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      files: [{ edits: [] }],
      notes: [{ code: 'NO_TOKEN_STORE' }],
    });
  });

  test('--move-token does not warn where another backend stores them', async () => {
    const path = await confFile(
      edited(await shipped('2011.3'), [[BACKENDS[0], `${BACKENDS[0].trim()},keystone.backends.memcache\n`]]) +
        "\n[keystone.backends.memcache]\nbackend_entities = ['Token']\n",
    );
    expect((await configure(path, ['--move-token'])).stderr).not.toContain('warning');
    expect((await readBack(path)).backends).toEqual([
      'keystone.backends.sqlalchemy',
      'keystone.backends.memcache',
      'keystone.backends.ldap',
    ]);
  });
});

describe('values', () => {
  /** Sets a URL, or a password, and reads the file as the release does. */
  async function roundTrip(release: string, value: { readonly url: string } | { readonly password: string }) {
    const path = await confFile(await shipped(release));
    const flags = 'url' in value ? ['-H', value.url] : [];
    const result = await configure(path, flags, 'password' in value ? value.password : PASSWORD);
    return { result, path };
  }

  test.each(['blog', '2011.3', 'essex-1', 'essex-3'])(
    'an ldapi URL keeps its single %% in %s',
    async (release) => {
      const url = 'ldapi://%2Fvar%2Frun%2Fslapd%2Fldapi';
      const { result, path } = await roundTrip(release, { url });
      expect(result.exitCode).toBe(0);
      const written = release === 'essex-3' ? url.replaceAll('%', '%%') : url;
      expect(await readFile(path, 'utf8')).toContain(`\nldap_url = ${written}\n`);
      expect((await readBack(path, release)).url).toBe(url);
    },
  );

  const passwords: readonly (readonly [string, string, string])[] = [
    ['2011.3', '100%', '100%'],
    ['2011.3', '%%s %d', '%%s %d'],
    ['2011.3', 'pa$$word', 'pa$$word'],
    ['2011.3', 'a;b#c', 'a;b#c'],
    ['2011.3', 'a = b: c', 'a = b: c'],
    ['2011.3', '[DEFAULT]', '[DEFAULT]'],
    ['2011.3', '"quoted"', '"quoted"'],
    ['2011.3', 'Köln 😀', 'Köln 😀'],
    ['2012-01-20', '100% pa$word', '100% pa$word'],
    ['essex-3', '100%', '100%%'],
    ['essex-3', '%{home)s', '%%{home)s'],
    ['essex-3', 'pa$word', 'pa$word'],
    ['essex-3', '$$%%', '$$%%%%'],
  ];
  test.each(passwords)('%s: the password %j stands there as %j', async (release, password, written) => {
    const { result, path } = await roundTrip(release, { password });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout + result.stderr).not.toContain(password);
    expect(await readFile(path, 'utf8')).toContain(`\nldap_password = ${written}\n`);
    expect((await readBack(path, release)).password.reveal()).toBe(password);
    expect(await configure(path, [], password)).toMatchObject({ stdout: `${path}: already up to date.\n` });
  });

  test.each([
    ['2011.3', 'a%(b)s', 'it contains "%(", which is always replaced'],
    ['2011.3', ' secret', 'it starts or ends with a blank'],
    ['2011.3', 'secret\t', 'it starts or ends with a blank'],
    ['2011.3', 'a ;b', 'it contains " ;", where the parser sees a comment'],
    ['2011.3', '""', 'it is "", which the parser reads as empty'],
    ['2011.3', 'a\nldap_user = cn=evil', 'it holds a line break or NUL'],
    ['2011.3', 'a\rb', 'it holds a line break or NUL'],
    ['essex-3', 'a%(b)s', 'it contains "%(", which is always replaced'],
    ['essex-3', 'a\0b', 'it holds a line break or NUL'],
  ])('%s: the password %j is refused, and not shown', async (release, password, reason) => {
    const { result, path } = await roundTrip(release, { password });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(`ldap_password cannot be written: ${reason}`);
    expect(result.stderr.replace(reason, '')).not.toContain(password);
    expect(await readFile(path, 'utf8')).toBe(await shipped(release));
  });

  test.each([
    ['-D', 'cn=a\nldap_password = x,dc=example,dc=com', 'ldap_user'],
    ['--user-tree-dn', 'ou=a\nb,dc=example,dc=com', 'user_tree_dn'],
  ])('a line break in %s is refused', async (flag, value, option) => {
    const path = await confFile(await shipped('2011.3'));
    const { exitCode, stderr } = await configure(path, [flag, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${option} cannot be written: it holds a line break or NUL.`);
    expect(await readFile(path, 'utf8')).toBe(await shipped('2011.3'));
  });

  test('DNs beyond ASCII and with escapes are read back', async () => {
    const path = await confFile(await shipped('2011.3'));
    const dn = 'cn=Smith\\, Söhne,o=Köln';
    const tree = 'ou=100% \\#1,o=Köln';
    expect(await configure(path, ['-D', dn, '--user-tree-dn', tree])).toMatchObject({ exitCode: 0 });
    const { user, trees } = await readBack(path);
    expect([user, trees.user]).toEqual([dn, tree]);
    expect(await configure(path, ['-D', dn, '--user-tree-dn', tree])).toMatchObject({
      stdout: `${path}: already up to date.\n`,
    });
  });
});

describe('the password', () => {
  const outputs = (result: CliResult) => result.stdout + result.stderr;

  test.each([
    [[]],
    [['--dry-run']],
    [['--json']],
    [['--json', '--dry-run']],
    [['--debug', '-o', '/nonexistent/folder/x.conf']],
    [['--debug', '--role-tree-dn', 'no dn']],
  ])('is not shown with %j, neither the new one nor the old one', async (flags) => {
    const old = 'altes-geheimnis';
    const path = await confFile(
      `${await shipped('2011.3')}\n[keystone.backends.ldap]\nldap_password = ${old}\n# ldap_password = ${old}\n`,
    );
    const result = await configure(path, flags);
    expect(outputs(result)).not.toContain(PASSWORD);
    expect(outputs(result)).not.toContain(old);
    expect(outputs(result)).not.toBe('');
  });

  test.each([
    [['--password', PASSWORD]],
    [[`--password=${PASSWORD}`]],
    [['-w', PASSWORD]],
    [[`-w${PASSWORD}`]],
  ])('is not taken from the command line, nor repeated from it', async (flags) => {
    const path = await confFile(await shipped('2011.3'));
    const result = await configure(path, flags);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('unknown option');
    expect(outputs(result)).not.toContain(PASSWORD);
    expect(await readFile(path, 'utf8')).toBe(await shipped('2011.3'));
  });

  test('comes from a file, from standard input, or from a file that the environment names', async () => {
    const path = await confFile(await shipped('2011.3'));
    const file = join(path, '..', 'pw');
    await writeFile(file, 'from a file\n');
    const argv = ['configure', '--keystone-conf', path, '-H', 'ldap://x', '-D', 'cn=x', '--suffix', SUFFIX];
    await runCli([...argv, '-y', file], { env: { KEYSTONE_LDAP_PASSWORD: 'from the environment' } });
    expect((await readBack(path)).password.reveal()).toBe('from a file');
    await runCli([...argv, '-y', '-'], { stdin: 'from stdin\r\n' });
    expect((await readBack(path)).password.reveal()).toBe('from stdin');
    await runCli(argv, { env: { KEYSTONE_LDAP_PASSWORD_FILE: file } });
    expect((await readBack(path)).password.reveal()).toBe('from a file');
  });

  test('is needed even where ldapi would let us in without one, and -Y is refused', async () => {
    const path = await confFile(await shipped('2011.3'));
    const argv = ['configure', '--keystone-conf', path, '-H', 'ldapi:///', '--suffix', SUFFIX];
    const missing = await runCli([...argv, '-D', 'cn=x']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('The password of cn=x is missing.');
    const external = await runCli([...argv, '-Y', 'EXTERNAL']);
    expect(external.exitCode).toBe(2);
    expect(external.stderr).toContain('Keystone binds with a DN and a password; -Y cannot be given here.');
  });
});

describeLive('the suffix that no flag gives', (slapd) => {
  test('is the naming context of the server', async () => {
    await using server = await startStockDebian({ slapd });
    const original = await shipped('2011.3');
    const path = await confFile(original);
    expect(await runCliAsAdmin(server, ['configure', '--keystone-conf', path])).toMatchObject({
      exitCode: 0,
    });
    expect(await readFile(path, 'utf8')).toBe(
      `${edited(original, [BACKENDS, ENTITIES])}
[keystone.backends.ldap]
ldap_url = ${server.uri}
ldap_user = cn=admin,dc=nodomain
ldap_password = ${server.password.reveal()}
user_tree_dn = ou=Users,dc=nodomain
tenant_tree_dn = ou=Groups,dc=nodomain
role_tree_dn = ou=Groups,dc=nodomain
`,
    );
  });

  test('must be given where the server has several', async () => {
    await using server = await startSandbox({ slapd, tuning: { moreSuffixes: ['dc=other'] } });
    const path = await confFile(await shipped('2011.3'));
    const { exitCode, stderr } = await runCliAsAdmin(server, ['configure', '--keystone-conf', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: --suffix DN (or KEYSTONE_LDAP_SUFFIX) is missing.');
    expect(stderr).toContain('hint: The server holds dc=example,dc=com or dc=other.');
  });

  test('needs a server that lets the account in', async () => {
    await using server = await startSandbox({ slapd });
    const path = await confFile(await shipped('2011.3'));
    const argv = ['configure', '--keystone-conf', path, '-H', server.uri, '-D', server.bindDn];
    const { exitCode, stderr } = await runCli(argv, { env: { KEYSTONE_LDAP_PASSWORD: PASSWORD } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot bind to ${server.uri} as ${server.bindDn}`);
    expect(stderr).not.toContain(PASSWORD);
    expect(await readFile(path, 'utf8')).toBe(await shipped('2011.3'));
  });
});

describeNeeding(
  ['python3'],
  'as Python 3 reads it, without interpolation and where it agrees with Python 2',
  () => {
    const READER = `
import configparser, json, sys
parser = configparser.RawConfigParser(strict=False)
parser.read(sys.argv[1], encoding='utf-8')
print(json.dumps({name: dict(parser.items(name)) for name in parser.sections()}))
`;

    test.each(['blog', '2011.3', 'essex-1'])('%s', async (release) => {
      const path = await confFile(await shipped(release));
      const password = 'p%$;= [x] é"';
      await configure(path, ['-H', 'ldapi://%2Frun%2Fslapd', '--suffix', 'dc=cloud'], password);
      const { stdout } = spawnSync('python3', ['-c', READER, path], { encoding: 'utf8' });
      const { url, user, trees, backends, sqlEntities } = await readBack(path, release);
      expect({ url, user, trees }).toEqual({
        url: 'ldapi://%2Frun%2Fslapd',
        user: 'cn=keystone,dc=example,dc=com',
        trees: { user: 'ou=Users,dc=cloud', tenant: 'ou=Groups,dc=cloud', role: 'ou=Groups,dc=cloud' },
      });
      expect(JSON.parse(stdout)).toMatchObject({
        'keystone.backends.ldap': {
          backends: backends.join(','),
          ldap_url: url,
          ldap_user: user,
          ldap_password: password,
          user_tree_dn: trees.user,
          tenant_tree_dn: trees.tenant,
          role_tree_dn: trees.role,
        },
        'keystone.backends.sqlalchemy': {
          backend_entities: `['Endpoints', 'Role',\n'Credentials', 'EndpointTemplates', 'Token',\n'Service']`,
        },
      });
      expect(sqlEntities).toEqual([
        'Endpoints',
        'Role',
        'Credentials',
        'EndpointTemplates',
        'Token',
        'Service',
      ]);
    });
  },
);

test.each([
  ['2011.3', 'zed', 'is of a Keystone of 2011, and Keystone 22 (Zed) does not read it'],
  ['essex-3', '2012.2', 'is of a Keystone of 2011'],
  ['modern', '2011.3', 'is of Essex or later, and Keystone 2011.3 (Diablo) does not read it'],
])('a file of %s is not edited for %s, unless that is insisted on', async (file, release, message) => {
  const path = await confFile(await shipped(file));
  const refused = await configure(path, ['--release', release]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(message);
  expect(await readFile(path, 'utf8')).toBe(await shipped(file));
  expect(await configure(path, ['--release', release, '--allow-other-release'])).toMatchObject({
    exitCode: 0,
  });
});
