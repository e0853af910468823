import { Command } from 'commander';
import { KeystoneLdapError } from '../../errors.ts';
import type { SandboxRecord } from '../../sandbox/sandbox-registry.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, remark, type OutputFlags } from '../terminal/output.ts';
import { refuseOuterFlags } from './refuse-outer-flags.ts';

interface Flags extends OutputFlags {
  readonly all?: boolean;
}

/** `sandbox stop` */
export function stopCommand(context: CommandContext): Command {
  const command = new Command('stop')
    .usage('[ID | --all] [--json]')
    .summary('stop a server that was started with --detach')
    .description('Stops a detached sandbox and removes its data: the one with this ID, or the only one.')
    .argument('[id]', 'sandbox ID, as "sandbox list" shows it')
    .option('--all', 'stop all your detached sandboxes');
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, flags: Flags) => {
      refuseOuterFlags(command);
      await action<Flags>(context, (own, io) => stop(id, own, io))(flags, command);
    });
}

async function stop(id: string | undefined, { all = false, json = false }: Flags, io: Io): Promise<ExitCode> {
  if (id !== undefined && all) throw new KeystoneLdapError('USAGE', 'An ID and --all do not go together.');
  const { listSandboxes } = await import('../../sandbox/sandbox-registry.ts');
  const { stopSandbox } = await import('../../sandbox/stop-sandbox.ts');
  const records = await listSandboxes();
  const chosen = id === undefined ? detached(records, all) : [byId(records, id)];
  await Promise.all(chosen.map(stopSandbox));
  const ids = chosen.map((record) => record.id);
  if (json) printJson(io, { command: 'sandbox stop', stopped: ids });
  else remark(io, ids.length === 0 ? 'No detached sandbox runs.' : `Stopped ${ids.join(', ')}.`);
  return 0;
}

/** What outlives its owner, by intent or because it lost its folder: nobody else takes care of it. */
function isDetached({ card, hasFolder, isOwnerAlive }: SandboxRecord): boolean {
  return card !== undefined || !(hasFolder || isOwnerAlive);
}

function detached(records: readonly SandboxRecord[], all: boolean): readonly SandboxRecord[] {
  const found = records.filter(isDetached);
  if (all || found.length <= 1) return found;
  throw new KeystoneLdapError('USAGE', `${found.length} detached sandboxes run; which one?`, {
    hint: `Name one of ${found.map((record) => record.id).join(', ')}, or give --all.`,
  });
}

function byId(records: readonly SandboxRecord[], id: string): SandboxRecord {
  const found = records.find((record) => record.id === id);
  if (found === undefined)
    throw new KeystoneLdapError('USAGE', `You have no sandbox "${id}".`, {
      hint: '"keystone-ldap sandbox list" shows those of this user.',
    });
  if (isDetached(found) || !found.isOwnerAlive) return found;
  throw new KeystoneLdapError('USAGE', `Sandbox ${id} belongs to process ${found.ownerPid}.`, {
    hint: 'End that process: its sandbox goes with it.',
  });
}

const EXAMPLES = examples([
  ['The only one:', 'keystone-ldap sandbox stop'],
  ['All of them, as the last step of a job:', 'keystone-ldap sandbox stop --all'],
]);
