import { constants } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { withPatience } from '../bounded-input.ts';
import { KeystoneLdapError } from '../errors.ts';
import { packageFile, readText } from '../files.ts';
import { Interruption } from './terminal/interruption.ts';
import type { ExitCode, Io } from './terminal/io.ts';
import { printJson } from './terminal/output.ts';
import { LOST } from '../strict-text.ts';

/**
 * Runs one command line (without `node` and the script) and returns the exit code. It never exits by itself, so that
 * tests run it in process.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const exitCode = await run(argv, io);
    // What a write has come to is known a moment later.
    await setImmediate();
    if (io.stdout.errored != null) throw io.stdout.errored;
    return exitCode;
  } catch (error) {
    return await report(error, argv, io);
  }
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  // Told without what makes a command, which takes longer to load than Node itself.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    io.stdout.write(`${await packageVersion()}\n`);
    return 0;
  }
  requireWholeText(argv, io.env);
  let exitCode: ExitCode = 0;
  let running: Command | undefined;
  const isAlone = argv.length === 0 && io.asker !== undefined;
  const program = await buildProgram(io, (code) => (exitCode = code), isAlone ? 'wizard' : argv[0]);
  program.hook('preSubcommand', (_, command) => void (running = command));
  const limits = { signal: io.signal, timeoutMs: () => timeoutOf(running) };
  try {
    await withPatience(limits, () => program.parseAsync(isAlone ? ['wizard'] : argv, { from: 'user' }));
    return exitCode;
  } catch (error) {
    const { CommanderError } = await import('commander');
    // This is how it ends after --help.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
}

/** The command of this name, or all where it is none's, as commander knows them. `finish` gets the exit code. */
export async function buildProgram(
  io: Io,
  finish: (code: ExitCode) => void,
  name?: string,
): Promise<Command> {
  const [{ Command }, { commands, HELP_GROUP }, { configureOutput }, { examples }, { takeEnvironment }] =
    await Promise.all([
      import('commander'),
      import('./commands.ts'),
      import('./terminal/configure-output.ts'),
      import('./flags/examples.ts'),
      import('./flags/take-environment.ts'),
    ]);
  const version = await packageVersion();
  const program = configureOutput(new Command('keystone-ldap'), io)
    .description('Sets up, checks and repairs the LDAP directory behind OpenStack Keystone.')
    .version(version, '-V, --version', 'print the version')
    .commandsGroup(HELP_GROUP)
    .helpCommand('help [command]', 'show help for a command')
    .enablePositionalOptions()
    .addHelpText('after', examples(EXAMPLES))
    .hook('preAction', async (_, command) => {
      takeEnvironment(command, io.env);
      const { takeConfigFile } = await import('./apply/take-config-file.ts');
      await takeConfigFile(command, io);
    });
  for (const command of await commands({ io, finish, run: main }, name)) {
    configureOutput(command, io);
    for (const sub of command.commands) configureOutput(sub, io);
    program.addCommand(command);
  }
  return program;
}

async function report(error: unknown, argv: readonly string[], io: Io): Promise<ExitCode> {
  const { CommanderError } = await import('commander');
  if (error instanceof CommanderError) return 2;
  const isInterrupted =
    io.signal.aborted || (error instanceof KeystoneLdapError && error.code === 'CANCELLED');
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  if (flags.includes('--json') && error instanceof KeystoneLdapError) {
    const { code, message, hint, problems, resultCode } = error;
    printJson(io, { error: { code, message, hint, problems, resultCode } });
  }
  const { renderError } = await import('./terminal/render-error.ts');
  io.stderr.write(renderError(error, { colour: io.colour, debug: flags.includes('--debug') }));
  return isInterrupted ? interruptedCode(io.signal) : 2;
}

/** What a shell says of a program that this signal has ended. */
function interruptedCode({ reason }: AbortSignal): ExitCode {
  const signal = reason instanceof Interruption ? reason.signal : 'SIGINT';
  return 128 + constants.signals[signal];
}

function timeoutOf(command: Command | undefined): number | undefined {
  const seconds: unknown = command?.getOptionValue('timeout');
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

/**
 * What Node has read in place of bytes that are not UTF-8 must not become a name or a password.
 * @throws `USAGE`
 */
function requireWholeText(argv: readonly string[], env: Io['env']): void {
  const argument = argv.findIndex((text) => text.includes(LOST));
  const variable = Object.keys(env).find((name) => OURS.test(name) && env[name]?.includes(LOST) === true);
  const subject =
    argument >= 0 ? `Argument ${argument + 1}` : variable && `The environment variable ${variable}`;
  if (subject === undefined) return;
  throw new KeystoneLdapError('USAGE', `${subject} holds a byte that is not UTF-8.`, {
    hint: 'Call keystone-ldap from a terminal or script whose encoding is UTF-8.',
  });
}

const OURS = /^KEYSTONE_LDAP_/;

async function packageVersion(): Promise<string> {
  const facts = JSON.parse(await readText(packageFile('package.json'))) as { version: string };
  return facts.version;
}

const EXAMPLES = [
  [
    'A throw-away OpenLDAP, seeded, for one command:',
    'keystone-ldap sandbox --release 2011.3 --seed -- ./run-tests',
  ],
  [
    'An OpenLDAP of your own, on its machine and as root:',
    'keystone-ldap init -H ldapi:/// -D cn=admin,dc=example,dc=com -y admin.pw',
    'keystone-ldap seed -H ldapi:/// -D cn=admin,dc=example,dc=com -y admin.pw',
    'keystone-ldap configure -H ldapi:/// -D cn=keystone,dc=example,dc=com -y keystone.pw \\',
    '    --keystone-conf /etc/keystone/keystone.conf',
    'keystone-ldap verify --keystone-conf /etc/keystone/keystone.conf',
  ],
] as const;
