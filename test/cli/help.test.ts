import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { packageFile, readText } from '../../src/files.ts';
import { runCli } from '../support/run-cli.ts';
import { testIo } from '../support/test-io.ts';

const COMMANDS = await commands({ io: testIo().io, finish: () => undefined, run: () => Promise.resolve(0) });

/** Every command as it is typed, those below `schema` included. */
const PATHS = COMMANDS.flatMap((command) => [
  [command.name()],
  ...command.commands.map((below) => [command.name(), below.name()]),
]);

describe('--help', () => {
  test.each(PATHS.map((path) => [path.join(' '), path] as const))('of %s', async (typed, path) => {
    const { exitCode, stdout, stderr } = await runCli([...path, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [usage = '', description = ''] = stdout.split('\n\n');
    expect(usage).toMatch(new RegExp(`^Usage: keystone-ldap ${typed}\\b`));
    expect(description.replaceAll('\n', ' ')).toMatch(/^[A-Z].{30,}[.]$/);
    expect(stdout).toMatch(new RegExp(`\nExamples:\n {2}\\S.*\n {4}keystone-ldap ${typed}\\b`));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(await runCli(['help', ...path.slice(0, 1)])).toMatchObject({ exitCode: 0 });
  });

  test.each([[['--help']], [['-h']], [['help']]])('of the whole: %j', async (argv) => {
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of COMMANDS) {
      expect(command.summary()).not.toBe('');
      expect(stdout).toMatch(new RegExp(`^ {2}${command.name()} .*${command.summary().slice(0, 20)}`, 'm'));
    }
    expect(stdout).toContain('\nExamples:\n');
    // Twenty commands are not one flat list.
    const headings = stdout.match(/^[A-Z].*:$/gm) ?? [];
    expect(headings.length).toBeGreaterThan(5);
    expect(headings).not.toContain('Commands:');
  });

  test('lists options under headings', async () => {
    const { stdout } = await runCli(['seed', '--help']);
    expect(stdout.match(/^[A-Z].*:$/gm)).toEqual([
      ...['Release and layout:', 'Identities:', 'Identities that Keystone keeps in SQL:', 'Options:'],
      ...['Connection:', 'Connection to cn=config:', 'History:', 'Output:', 'Examples:'],
    ]);
  });

  test.each([[[]], [['schema']]])(
    'is what %j alone prints, as the talk of a command line that does nothing',
    async (argv) => {
      const { exitCode, stdout, stderr } = await runCli(argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^Usage: keystone-ldap/);
      expect(stderr).toContain('\nExamples:\n');
    },
  );
});

test.each([[['--version']], [['-V']]])('%j is that of the package', async (argv) => {
  const { version } = JSON.parse(await readText(packageFile('package.json'))) as { version: string };
  expect(await runCli(argv)).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [['sed'], "unknown command 'sed'", '(Did you mean seed?)'],
  [['verfiy', '-H', 'ldapi:///'], "unknown command 'verfiy'", '(Did you mean verify?)'],
  [['schema', 'lst'], "unknown command 'lst'", '(Did you mean list?)'],
  [['verify', '--relase', 'x'], "unknown option '--relase'", '(Did you mean --release?)'],
  [
    ['configure', '--keystone-cnf=x'],
    "unknown option '--keystone-cnf=***'",
    '(Did you mean --keystone-conf?)',
  ],
  [
    ['seed', '--ldap-holds', 'identify'],
    "'--ldap-holds <what>' argument 'identify'",
    '(Did you mean identity?)',
  ],
  [['seed', '--sample', 'Moderne'], "'--sample [name]' argument 'Moderne'", '(Did you mean modern?)'],
  [['schema', 'show', 'blog', '--format', 'lidf'], "argument 'lidf' is invalid", '(Did you mean ldif?)'],
  [['demo', '--release', 'zet'], 'error: --release: "zet" is not a release', 'Did you mean "zed"?'],
  [
    ['configure', '--upgrade-from', 'ussri', '--release', 'zed'],
    'error: --upgrade-from: ',
    'Did you mean "ussuri"?',
  ],
  [['init', '--release', '2011.4'], '"2011.4" is not a release', 'Did you mean "2011.3"?'],
  [['seed', '--release', 'diabolo'], '"diabolo" is not a release', 'Did you mean "diablo"?'],
  [['demo', '--release', 'esex-3'], '"esex-3" is not a release', 'Did you mean "essex-3"?'],
  [['verify', '-r', 'grizly'], '"grizly" is not a release', 'Did you mean "grizzly"?'],
  [
    ['verify', '-r', 'hydra-7'],
    '"hydra-7" is not a release',
    'Releases: blog, 2011.3, essex-1, essex-2, 2012-01-20, essex-3, 2012.1',
  ],
])('%j is refused with a guess', async (argv, what, guess) => {
  const { exitCode, stdout, stderr } = await runCli(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toContain(what);
  expect(stderr).toContain(guess);
});

test.each([
  [['frobnicate'], "unknown command 'frobnicate'"],
  [['init', '--frobnicate'], "unknown option '--frobnicate'"],
  [['init', 'ldapi:///'], 'too many arguments'],
  [['init', '-H'], 'argument missing'],
  [['init', '--timeout', 'soon'], 'It must be a number of seconds above 0.'],
  [['init', '-Y', 'GSSAPI'], 'Allowed choices are EXTERNAL.'],
  [['configure'], '--keystone-conf'],
])('%j is refused, and --help is named', async (argv, what) => {
  const { exitCode, stdout, stderr } = await runCli(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(what);
  expect(stderr).toContain('--help');
});

test.each([
  [['init', '-H', 'ldap//x'], 'error: -H: "ldap//x" is not an LDAP URI.'],
  [['init', '-H', 'ldap://x', '-D', 'admin', '-W'], 'error: -D: '],
  [['sandbox', '--suffix', 'example'], 'error: --suffix: '],
])('%j names the flag that is wrong', async (argv, what) => {
  const { exitCode, stderr } = await runCli(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(what);
});
