import { spawn } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { testNeeding } from '../support/needs/needing.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

function environmentOf({ uri, ldapiUri, bindDn, password }: Sandbox, home: string) {
  return {
    HOME: home,
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
    KEYSTONE_LDAP_CONFIG_URI: ldapiUri,
  };
}

async function homeWithConf(): Promise<{ readonly home: string; readonly conf: string }> {
  const home = DisposableFolder.ofTest().path;
  const conf = join(home, 'keystone.conf');
  await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), conf);
  return { home, conf };
}

const INIT = 'load the schema and create the trees: keystone-ldap init --release 2011.3';
const LOOK = 'see what init would do: keystone-ldap init --release 2011.3 --dry-run';
const SEED = 'write the sample data: keystone-ldap seed --release 2011.3';
const LEAVE = 'nothing, leave';

describeLive('keystone-ldap alone on a terminal', (slapd) => {
  test('goes with a server from empty to verified, a choice at a time', async () => {
    await using server = await startSandbox({ slapd });
    const { home, conf } = await homeWithConf();
    const env = environmentOf(server, home);
    const file = `--keystone-conf '${conf}'`;
    const configure = `make keystone.conf use this server: keystone-ldap configure --release 2011.3 ${file}`;
    const verify = `ask the directory what Keystone would ask: keystone-ldap verify --release 2011.3 ${file}`;
    // The file is one of 2011.3 or of essex-1; cn=config is touched after a yes only.
    const answers = ['2011.3', INIT, false, LOOK, INIT, true, SEED, configure, verify, LEAVE];
    const { exitCode, stdout } = await runCli([], { env, answers });
    expect(exitCode).toBe(0);
    const commands = ['init', 'seed', 'configure', 'verify'];
    for (const name of commands)
      expect(stdout).toMatch(new RegExp(`^\\$ keystone-ldap ${name} --release 2011.3`, 'm'));
    expect(
      stdout
        .match(/^ {2}(?:schema|trees|users|keystone.conf) .*$/gm)
        ?.map((line) => line.trim().replace(/ +/g, ' ')),
    ).toEqual(
      [
        ...Array.from({ length: 3 }, () => [
          'missing, or not that of the release',
          `missing: ou=Users,${server.suffix} and ou=Groups,${server.suffix}`,
          '0',
          `${conf}, which names no LDAP server`,
        ]),
        ['loaded', 'there', '0', `${conf}, which names no LDAP server`],
        ['loaded', 'there', '5', `${conf}, which names no LDAP server`],
        ['loaded', 'there', '5', `${conf}, which uses ${server.uri}: this server`],
        ['loaded', 'there', '5', `${conf}, which uses ${server.uri}: this server`],
      ].flatMap(([schema, trees, users, which]) => [
        `schema ${schema}`,
        `trees ${trees}`,
        `users ${users}`,
        `keystone.conf ${which}`,
      ]),
    );
    expect(stdout).toContain('finds what it needs');
    expect(stdout).not.toContain(server.password.reveal());
  });

  testNeeding(['script'], 'does nothing that was not chosen, and Ctrl-C ends it with 130', async () => {
    await using server = await startSandbox({ slapd });
    const { home } = await homeWithConf();
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    // `script` gives the command a real terminal; TMPDIR keeps the sandboxes of others out of sight.
    const shared = await mkdtemp('/tmp/kl-');
    onTestFinished(() => rm(shared, { recursive: true }));
    const cli = `'${process.execPath}' '${packageFile('test/support/cli-process.js')}'`;
    const line = `${cli} wizard --release 2011.3; echo "code $?"`;
    const env = {
      ...process.env,
      ...environmentOf(server, home),
      TMPDIR: shared,
      NO_COLOR: '1',
      TERM: 'xterm',
    };
    const child = spawn('script', ['-qfec', line, '/dev/null'], { env, cwd: home });
    let screen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const had = screen.includes('leave');
      screen += chunk.toString('utf8');
      if (!had && screen.includes('leave')) child.stdin.write('\x03');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(screen).toContain('What next?');
    expect(screen).toContain('keystone-ldap init --release 2011.3');
    expect(screen).toContain('error: Interrupted.');
    expect(screen).toContain('code 130');
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });
});

describeLive('wizard without a terminal', (slapd) => {
  test('says what is there and what comes next, and ends', async () => {
    await using server = await startSandbox({ slapd });
    const { home, conf } = await homeWithConf();
    const argv = ['wizard', '-H', server.ldapiUri, '--keystone-conf', conf];
    const named = await runCli([...argv, '--release', '2011.3'], { env: { HOME: home } });
    const { exitCode, stdout, stderr } = named;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('you (SASL EXTERNAL)');
    expect(stdout).toContain(`\n    keystone-ldap init --release 2011.3 -H ${server.ldapiUri}\n`);
    const json = await runCli([...argv, '--json', '--release', 'zed'], { env: { HOME: home } });
    expect(JSON.parse(json.stdout)).toMatchObject({
      command: 'wizard',
      release: 'zed',
      server: { uri: server.ldapiUri, origin: '-H', users: 0, hasSchema: true },
      next: [{ command: `keystone-ldap init --release zed -H ${server.ldapiUri} --dry-run` }, {}, {}],
    });
  });

  test('looks anonymously where no password is at hand, and finds the server in LDAPURI and ldaprc', async () => {
    await using server = await startSandbox({ slapd });
    const home = DisposableFolder.ofTest().path;
    await writeFile(join(home, '.ldaprc'), `BASE dc=x\nuri ldap://127.0.0.1:1 ${server.uri}\n`);
    const conf = ['--keystone-conf', join(home, 'none')];
    const byFile = await runCli(['wizard', ...conf], { env: { HOME: home } });
    expect(byFile.stdout).toContain(`${server.uri} (${join(home, '.ldaprc')})`);
    expect(byFile.stdout).toMatch(/no answer +ldap:\/\/127\.0\.0\.1:1: Cannot /);
    expect(byFile.stdout).toContain('nobody (anonymous)');
    const byVariable = await runCli(['wizard', ...conf], { env: { HOME: home, LDAPURI: server.uri } });
    expect(byVariable.stdout).toContain(`${server.uri} (LDAPURI)`);
  });

  test('offers a sandbox where no server answers', async () => {
    const home = DisposableFolder.ofTest().path;
    const { exitCode, stdout } = await runCli(['wizard', '-H', 'ldap://127.0.0.1:1'], {
      env: { HOME: home },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/server +none found/);
    expect(stdout).toContain('\n    keystone-ldap sandbox --seed\n');
  });

  test('does not guess of which release a file of Essex or later is, nor one that is of two', async () => {
    const home = DisposableFolder.ofTest().path;
    const conf = join(home, 'keystone.conf');
    const argv = ['wizard', '-H', 'ldap://127.0.0.1:1'];
    const env = { HOME: home };
    for (const [fixture, why] of [
      ['modern', 'is of Essex or later'],
      ['2011.3', 'is of 2011.3 or essex-1'],
    ]) {
      await copyFile(packageFile(`fixtures/keystone-conf/${fixture}.conf`), conf);
      const { exitCode, stderr } = await runCli(argv, { env });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`--release NAME (or KEYSTONE_LDAP_RELEASE) is missing: ${conf} ${why}`);
    }
    const told = await runCli([...argv, '--release', 'zed'], { env });
    expect(told.stdout).toContain('--release zed\n');
    // An Enter is no answer.
    expect(await runCli(argv, { env, answers: [''] })).toMatchObject({ exitCode: 2 });
  });

  test.each(['2011.3', 'zed'])(
    'knows the server of keystone.conf by its socket too, in %s',
    async (release) => {
      await using server = await seededSandbox(release, { slapd });
      await using other = await seededSandbox(release, { slapd });
      const home = DisposableFolder.ofTest().path;
      const conf = join(home, 'keystone.conf');
      await copyFile(
        packageFile(`fixtures/keystone-conf/${release === 'zed' ? 'modern' : release}.conf`),
        conf,
      );
      const named = ['--keystone-conf', conf, '--release', release];
      expect(await runCliAsAdmin(server, ['configure', ...named])).toMatchObject({ exitCode: 0 });
      const look = async ({ ldapiUri }: Sandbox): Promise<unknown> =>
        JSON.parse(
          (await runCli(['wizard', '-H', ldapiUri, ...named, '--json'], { env: { HOME: home } })).stdout,
        );
      expect(await look(server)).toMatchObject({
        confPointsThere: true,
        next: [{ command: expect.stringMatching(/^keystone-ldap verify .*--keystone-conf/) as string }, {}],
      });
      expect(await look(other)).toMatchObject({ confPointsThere: false });
      if (release === 'zed') {
        await appendFile(conf, '[ldap]\nuse_tls = true\ntls_cacertfile = /nowhere\n');
        expect(await look(server)).toMatchObject({ confPointsThere: false });
      }
      await server.stop();
      expect(await look(other)).toMatchObject({ confPointsThere: false });
    },
  );
});
