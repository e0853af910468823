import { DEFAULT_RELEASE } from '../../releases/find-release.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { fetchCommand } from '../sandbox/fetch-command.ts';
import { listCommand } from '../sandbox/list-command.ts';
import { portNumber } from '../sandbox/port-number.ts';
import { resolveSandboxJob, type SandboxFlags } from '../sandbox/resolve-sandbox-job.ts';
import { stopCommand } from '../sandbox/stop-command.ts';
import { addIdentityFlag, addSampleFlag } from '../flags/seed-flags.ts';
import { WrapperCommand } from '../sandbox/wrapper-command.ts';

export function sandboxCommand(context: CommandContext): WrapperCommand {
  const command = new WrapperCommand('sandbox').summary('run a throw-away OpenLDAP');
  command
    .description(DESCRIPTION)
    .usage('[options] [-- COMMAND ARG…]\n       keystone-ldap sandbox list|stop|fetch [--json]')
    .option('-b, --suffix <dn>', 'naming context (default: dc=example,dc=com)')
    .option('-r, --release <release>', 'load the schema and create the trees of this Keystone release')
    .option('--seed', `also write the sample data of the release (default: ${DEFAULT_RELEASE})`)
    .option('--port <number>', 'TCP port on 127.0.0.1 (default: a free port)', portNumber)
    .option('--tls', 'offer StartTLS and ldaps:// with a certificate from a new private CA')
    .option('--detach', 'run in the background; see "sandbox list" and "sandbox stop"')
    .addCommand(listCommand(context))
    .addCommand(stopCommand(context))
    .addCommand(fetchCommand(context))
    .action(
      action<SandboxFlags>(context, async (flags, io) => {
        const job = await resolveSandboxJob(flags, command.wrapped, io);
        return await (await import('../sandbox/run-sandbox.ts')).runSandbox(job, io);
      }),
    );
  addOutputFlags(addSampleFlag(addIdentityFlag(command))).addHelpText('after', EXAMPLES);
  return command;
}

const DESCRIPTION = `Starts an OpenLDAP of its own on ldapi and 127.0.0.1, which vanishes with all its data.

With a COMMAND, runs it with KEYSTONE_LDAP_URI, _BIND_DN, _PASSWORD, _SUFFIX and the like set, so that every keystone-ldap command finds the server, and returns its exit code. Without one, prints how to connect and stays until Ctrl-C, which is its wanted end: exit code 0. With --detach it returns at once and the server lives on.`;

const EXAMPLES = examples([
  ['An empty server to play with:', 'keystone-ldap sandbox'],
  ['The sample data of Keystone 2011.3, for one command:', 'keystone-ldap sandbox --seed -- ./run-tests'],
  [
    'Identities of your own in the layout of a release, over TLS too:',
    'keystone-ldap sandbox --release zed --file identities.yaml --tls -- pytest',
  ],
  [
    'For the steps of a job, one after the other:',
    'keystone-ldap sandbox --release zed --seed --port 3890 --detach',
    'keystone-ldap sandbox stop',
  ],
  ['A shell in which every keystone-ldap command finds the server:', 'keystone-ldap sandbox -- bash'],
  ['No slapd on this machine? A private copy, without root:', 'keystone-ldap sandbox fetch'],
]);
