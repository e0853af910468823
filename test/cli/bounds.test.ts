import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ACCOUNT = ['-H', 'ldap://h', '-D', 'cn=a', '--suffix', 'dc=x'];

let cli: CompiledCli;
beforeAll(async () => {
  cli = await compiledCli();
}, 300_000);
afterAll(() => cli[Symbol.asyncDispose]());

/** Starts a process, and says how it ended. */
function start(argv: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [cli.script, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number,
    signal: signal as unknown,
    stderr,
  }));
  return { child, ended };
}

const shell = (script: string, cwd: string) =>
  spawnSync('bash', ['-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, KL: `${process.execPath} ${cli.script}` },
  });

describe('a wait ends at a signal, with the code that a shell gives it', () => {
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;

  test.each(signals)('%s: a pipe that nobody writes', async (signal, code) => {
    const { path } = DisposableFolder.ofTest();
    spawnSync('mkfifo', [join(path, 'pipe')]);
    const { child, ended } = start(['schema', 'convert', 'pipe', '--to', 'ldif', '--name', 'x'], path);
    // A writer can open the pipe without a wait as soon as there is a reader.
    const opened = spawn('sh', ['-c', 'exec 3>pipe; echo open; exec sleep 100'], { cwd: path });
    await once(opened.stdout, 'data');
    child.kill(signal);
    expect(await ended).toEqual({ code, signal: null, stderr: 'error: Interrupted.\n' });
    opened.kill();
  });

  test.each(signals)('%s: a server that does not answer', async (signal, code) => {
    const { path } = DisposableFolder.ofTest();
    await writeFile(join(path, 'pw'), 'x');
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    const uri = `ldap://127.0.0.1:${port}`;
    const { child, ended } = start(['verify', '-r', 'zed', '-H', uri, '-D', 'cn=a', '-y', 'pw'], path);
    await connected;
    child.kill(signal);
    expect(await ended).toMatchObject({ code, stderr: 'error: Interrupted.\n' });
    server.close();
  });
});

describe('reading ends', () => {
  test.each([
    ['/dev/zero', 'it is a device'],
    ['/dev/random', 'it is a device'],
    ['.', 'it is a directory'],
  ])('%s is refused', async (path, why) => {
    const results = await Promise.all([
      runCli(['schema', 'convert', path, '--to', 'ldif', '--name', 'x']),
      runCli(['configure', '--keystone-conf', path, ...ACCOUNT], { env: { KEYSTONE_LDAP_PASSWORD: 'x' } }),
      runCli(['verify', '-H', 'ldap://h', '-D', 'cn=a', '-y', path]),
      runCli(['seed', '-r', 'zed', '--offline', '-', '-b', 'dc=x', '--file', path]),
      runCli(['apply', path]),
      runCli(['init', '-f', path]),
    ]);
    for (const { exitCode, stderr } of results)
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `error: Cannot read ${path}: ${why}.\n` });
  });

  test('a pipe is read, and waited for no longer than --timeout', async () => {
    const { path } = DisposableFolder.ofTest();
    const seed =
      '$KL seed -r zed --offline - -b dc=x --file <(printf "users:\\n- { name: zoe, password: x }\\n")';
    expect(shell(seed, path).stdout).toContain('cn: zoe\n');
    spawnSync('mkfifo', [join(path, 'pipe')]);
    const started = Date.now();
    const { exitCode, stderr } = await runCli([
      'verify',
      '-H',
      'ldap://h',
      '-D',
      'cn=a',
      '-y',
      join(path, 'pipe'),
      '--timeout',
      '0.2',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: Cannot read ${join(path, 'pipe')}: nothing came from it within 0.2 s.\nhint: --timeout sets the longest wait.\n`,
    });
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  test('of a file or a pipe that does not end', async () => {
    const { path } = DisposableFolder.ofTest();
    spawnSync('truncate', ['-s', '17M', join(path, 'large.yaml')]);
    const whole = await runCli([
      'seed',
      '-r',
      'zed',
      '--offline',
      '-',
      '-b',
      'dc=x',
      '--file',
      join(path, 'large.yaml'),
    ]);
    expect(whole.exitCode).toBe(2);
    expect(whole.stderr).toContain(`Cannot read ${path}/large.yaml: it has 17 MiB, and the limit is 16 MiB.`);
    const endless = shell('$KL verify -r zed -H ldap://h -D cn=a -y <(yes)', path);
    expect(endless.stderr).toMatch(
      /^error: Cannot read \/dev\/fd\/\d+: it has more, and the limit is 64 KiB\.\n$/,
    );
    expect(endless.status).toBe(2);
  });

  test.each([
    ['users.csv', 'name\n"', 'a record is larger than 32 MiB'],
    ['users.ldif', 'dn: cn=a\n', 'a record is larger than 32 MiB'],
  ])('of a record of %s', async (name, head, why) => {
    const { path } = DisposableFolder.ofTest();
    const file = join(path, name);
    await writeFile(file, head + 'x'.repeat(99).concat('\n').repeat(340_000));
    const { exitCode, stderr } = await runCli([
      'seed',
      '--offline',
      '-',
      '-b',
      'dc=x',
      '-r',
      'zed',
      '--file',
      file,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(file);
    expect(stderr).toContain(why);
  });
});

describe('output', () => {
  test.each(['--help', 'releases', 'seed -b dc=x -r zed --offline - --generate users=2000'])(
    'of "%s" stops quietly where its reader ends, and a full disk ends it in a sentence',
    (argv) => {
      const { path } = DisposableFolder.ofTest();
      const head = shell(
        `$KL ${argv} 2>err | head -c 10 >/dev/null; echo \${PIPESTATUS[0]}; grep -c error err`,
        path,
      );
      expect(head.stdout).toBe('0\n0\n');
      const full = shell(`$KL ${argv} >/dev/full`, path);
      expect(full.status).toBe(2);
      expect(full.stderr).toMatch(
        /error: Cannot write to standard output: no space is left on the device\.\n$/,
      );
      expect(shell(`$KL ${argv} 2>/dev/full >/dev/null`, path).status).toBe(0);
    },
  );

  const mount = 'unshare --mount --map-root-user sh -ec \'mount -t tmpfs -o size=64k none "$0"\' .';
  test.runIf(spawnSync('bash', ['-c', mount], { cwd: '/mnt' }).status === 0)(
    'into a full file system leaves what was there and nothing else',
    async () => {
      const { path } = DisposableFolder.ofTest();
      await mkdir(join(path, 'full'));
      const script = `cd full && mount -t tmpfs -o size=64k none . && cd "$PWD" && printf '[identity]\\n[ldap]\\n' >k.conf && echo pw >pw &&
        printf 'attributetype ( 1.2.3 NAME %s )\\n' "'a'" >a.schema && echo old >a.ldif &&
        { cat /dev/zero >filler 2>/dev/null || true; } && ls -A >../names &&
        for argv in 'configure --keystone-conf k.conf -r zed -H ldap://h -D cn=a -y pw -b dc=x --no-journal' \\
          'config init new.yaml --no-input' 'schema convert a.schema -o a.ldif' \\
          'seed -r zed -b dc=x --offline seed.ldif --generate users=2000'; do
          $KL $argv >/dev/null 2>>../said || echo $?; done; ls -A | diff - ../names; cat a.ldif k.conf`;
      const { stdout, stderr } = shell(
        `unshare --mount --map-root-user bash -c '${script.replaceAll("'", `'\\''`)}'`,
        path,
      );
      expect({ stdout, stderr }).toEqual({ stdout: '2\n2\n2\n2\nold\n[identity]\n[ldap]\n', stderr: '' });
    },
  );
});

/** Where a stranger's byte may get into, each with what reads it. */
const INPUTS: Readonly<Record<string, { readonly text: string; readonly argv: readonly string[] }>> = {
  'users.csv': {
    text: 'name,email\nzoe,zoe@x\n',
    argv: ['seed', '-r', 'zed', '--offline', 'out.ldif', '-b', 'dc=x', '--file'],
  },
  'users.ldif': {
    text: 'dn: uid=zoe\nobjectClass: person\nuid: zoe\n',
    argv: ['seed', '-r', 'zed', '--offline', 'out.ldif', '-b', 'dc=x', '--file'],
  },
  'users.yaml': {
    text: 'users:\n  - name: zoe\n',
    argv: ['seed', '-r', 'zed', '--offline', 'out.ldif', '-b', 'dc=x', '--file'],
  },
  'keystone-ldap.yaml': { text: 'release: zed\nserver:\n  uri: ldap://h\n', argv: ['apply'] },
  'plan.json': { text: '{\n  "keystoneLdapPlan": 1,\n  "configFile": "x"\n}\n', argv: ['apply'] },
  'x.schema': {
    text: "attributetype ( 1.2.3\n  NAME 'a' )\n",
    argv: ['schema', 'convert', '-o', 'out.ldif'],
  },
  'x.ldif': {
    text: 'dn: cn=x,cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: x\n',
    argv: ['schema', 'convert', '-o', 'out.schema'],
  },
  password: { text: 'secret\n', argv: ['verify', '-r', 'zed', '-H', 'ldap://h', '-D', 'cn=a', '-y'] },
};

test('a byte that is not UTF-8 is refused with file and line, anywhere in any input, and nothing is written', async () => {
  const { path } = DisposableFolder.ofTest();
  const samples = fc.constantFrom(...Object.keys(INPUTS)).chain((name) => {
    const length = INPUTS[name]?.text.length ?? 0;
    return fc.tuple(
      fc.constant(name),
      fc.integer({ min: 1, max: length }),
      fc.constantFrom(0xfc, 0xe9, 0x80, 0xff),
    );
  });
  await fc.assert(
    fc.asyncProperty(samples, async ([name, at, byte]) => {
      const { text = '', argv = [] } = INPUTS[name] ?? {};
      const file = join(path, name);
      await writeFile(
        file,
        Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([byte]), Buffer.from(text.slice(at))]),
      );
      const placed = argv.map((word) => (word.startsWith('out.') ? join(path, word) : word));
      const { exitCode, stdout, stderr } = await runCli([...placed, file, '--no-input']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`\n  ${file}:${text.slice(0, at).split('\n').length}:`);
      expect(stderr).toMatch(/not (?:plain )?UTF-8/);
      expect((await readdir(path)).filter((one) => one.includes('out.'))).toEqual([]);
    }),
    { seed: 606, numRuns: 120 },
  );
});

test.each([
  [
    { env: { KEYSTONE_LDAP_PASSWORD: 'gr\uFFFDn' } },
    ['verify', '-H', 'ldap://h', '-D', 'cn=a'],
    'The environment variable KEYSTONE_LDAP_PASSWORD',
  ],
  [{}, ['verify', '-H', 'ldap://h', '-D', 'cn=\uFFFDa'], 'Argument 5'],
])('what Node reads in place of a byte that is not UTF-8 is no value', async (options, argv, subject) => {
  expect(await runCli(argv, options)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`error: ${subject} holds a byte that is not UTF-8.\n`) as string,
  });
});

describe('a file of ours that is damaged', () => {
  const PLAN = JSON.stringify(
    {
      keystoneLdapPlan: 1,
      configFile: '/x',
      flags: {},
      ids: {},
      made: { target: {}, declaration: 'd', changes: [], files: [] },
    },
    undefined,
    2,
  );

  test('a plan, cut off anywhere or with something else in it, is named', async () => {
    const { path } = DisposableFolder.ofTest();
    const file = join(path, 'saved.plan');
    const start = PLAN.indexOf('1');
    const damaged = fc.oneof(
      fc.integer({ min: start, max: PLAN.length - 1 }).map((end) => PLAN.slice(0, end)),
      fc
        .constantFrom('"made": {', '"flags": {}', '"changes": []', '"/x"')
        .map((part) => PLAN.replace(part, `${part.replace(/[[{].*|"\/x"/, '')}7`)),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        await writeFile(file, text);
        const { exitCode, stderr } = await runCli(['apply', file, '--yes']);
        expect(exitCode).toBe(2);
        expect(stderr).toContain(`error: ${file} is a plan that is damaged or of another version`);
        expect(stderr).toContain('hint: Make it again');
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  const JOURNAL = [
    { journal: 1, id: 'r1', at: '2026-01-01T00:00:00.000Z', command: 'seed' },
    { kind: 'add-entry', dn: 'cn=a', label: 'a', sha256: 'x' },
    { kind: 'modify-entry', dn: 'cn=a', label: 'a', edits: [{ attribute: 'cn', remove: [], add: ['b'] }] },
    { kind: 'file', path: '/x', after: 'x' },
    { end: 'complete', at: '2026-01-01T00:00:00.000Z', changes: 3 },
  ].map((line) => JSON.stringify(line));

  test('a journal is named with its line, unless only its last line is cut off', async () => {
    const { path } = DisposableFolder.ofTest();
    await mkdir(join(path, 'runs'));
    const file = join(path, 'runs', 'r1.ndjson');
    const history = () => runCli(['history', 'show', 'r1', '--state-dir', path]);
    const bad = fc.oneof(
      fc.constantFrom(
        '',
        '{',
        '7',
        'null',
        '[]',
        '{}',
        '{"kind":"add-entry"}',
        '{"kind":"other","dn":"cn=a","label":"a"}',
      ),
      fc.constant('{"kind":"modify-entry","dn":"cn=a","label":"a","edits":{}}'),
      fc.constant('{"kind":"delete-entry","dn":"cn=a","label":"a","attributes":{"cn":"a"}}'),
    );
    await fc.assert(
      fc.asyncProperty(bad, fc.nat(4), async (line, at) => {
        await writeFile(file, `${JOURNAL.toSpliced(at, 0, line).join('\n')}\n`);
        const { exitCode, stderr } = await history();
        expect(exitCode).toBe(2);
        expect(stderr).toContain(
          `error: Cannot read the journal ${file}: line ${at + 1} is not one of a journal.\nhint: `,
        );
      }),
      { seed: 8, numRuns: 40 },
    );
    await writeFile(file, JOURNAL.join('\n').slice(0, -9));
    expect(await history()).toMatchObject({ exitCode: 0 });
  });
});

describe('a Node that is too old', () => {
  test('is told so before anything is loaded', async () => {
    const launcher = await readFile(join(ROOT, 'bin/keystone-ldap.js'), 'utf8');
    // Its syntax is held to ES5 by eslint. Here the rest of it runs on a Node that says that it is another one.
    const script = `Object.defineProperty(process.versions, 'node', { value: '12.22.9' }); process.argv[1] = '';
      const { createRequire } = require('module');
      new Function('require', 'process', ${JSON.stringify(launcher.replace(/^#!.*/, ''))})(createRequire(${JSON.stringify(join(ROOT, 'bin/'))}), process);`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: keystone-ldap needs Node.js 20 or later, and this is 12.22.9. Nothing was done.\n',
    });
  });
});
