import { DEFAULT_RELEASE } from '../../releases/find-release.ts';
import { action, type CommandContext } from '../command-context.ts';
import { examples } from '../examples.ts';
import type { ExitCode, Io } from '../io.ts';
import { requireRelease } from '../of-flag.ts';
import { addOutputFlags, type OutputFlags } from '../output.ts';
import { requireDn } from '../resolve-connection.ts';
import { fetchCommand } from '../sandbox/fetch-command.ts';
import { portNumber } from '../sandbox/port-number.ts';
import { requireUsage } from '../sandbox/require-usage.ts';
import { WrapperCommand } from '../wrapper-command.ts';

interface Flags extends OutputFlags {
  readonly suffix?: string;
  readonly release?: string;
  readonly seed?: boolean;
  readonly port?: number;
}

export function sandboxCommand(context: CommandContext): WrapperCommand {
  const command = new WrapperCommand('sandbox').summary('run a throw-away OpenLDAP');
  command
    .description(DESCRIPTION)
    .usage('[options] [-- COMMAND ARG…]\n       keystone-ldap sandbox fetch [--json]')
    .option('-b, --suffix <dn>', 'the naming context (default: dc=example,dc=com)')
    .option(
      '-r, --release <release>',
      'load the schema and create the trees of this Keystone release, as init does',
    )
    .option('--seed', `write its sample data too, as seed does (default release: ${DEFAULT_RELEASE})`)
    .option('--port <number>', 'the TCP port on 127.0.0.1 (default: a free one)', portNumber)
    .addCommand(fetchCommand(context))
    .action(action<Flags>(context, (flags, io) => sandbox(flags, command.wrapped, io)));
  addOutputFlags(command).addHelpText('after', EXAMPLES);
  return command;
}

async function sandbox(flags: Flags, words: WrapperCommand['wrapped'], io: Io): Promise<ExitCode> {
  const { suffix, port, seed = false, json = false } = flags;
  requireUsage(words, json);
  if (suffix !== undefined) requireDn('--suffix', suffix);
  const isFilled = seed || flags.release !== undefined;
  const release = isFilled ? requireRelease(flags.release ?? DEFAULT_RELEASE) : undefined;
  const { runSandbox } = await import('../sandbox/run-sandbox.ts');
  return await runSandbox({ suffix, port, release, seed, words, json }, io);
}

const DESCRIPTION = `Starts an OpenLDAP of its own on ldapi and 127.0.0.1, which vanishes with all its data.

With a COMMAND, runs it with KEYSTONE_LDAP_URI, _BIND_DN, _PASSWORD, _SUFFIX and the like set, so that every keystone-ldap command finds the server, and returns its exit code. Without one, prints how to connect and stays until Ctrl-C, which is its wanted end: exit code 0.`;

const EXAMPLES = examples([
  ['An empty server to play with:', 'keystone-ldap sandbox'],
  ['The sample data of Keystone 2011.3, for one command:', 'keystone-ldap sandbox --seed -- ./run-tests'],
  ['A shell in which every keystone-ldap command finds the server:', 'keystone-ldap sandbox -- bash'],
  ['No slapd on this machine? A private copy, without root:', 'keystone-ldap sandbox fetch'],
]);
