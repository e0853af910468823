import { Command } from 'commander';
import type { SandboxRecord } from '../../sandbox/sandbox-registry.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import { refuseOuterFlags } from './refuse-outer-flags.ts';

/** `sandbox list` */
export function listCommand(context: CommandContext): Command {
  const command = new Command('list')
    .usage('[--json]')
    .summary('list your throw-away servers')
    .description('Lists your running sandboxes, and cleans up after those that died.');
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<OutputFlags>(context, async ({ json = false }, io) => {
        refuseOuterFlags(command);
        return await list(json, io);
      }),
    );
}

async function list(json: boolean, io: Io): Promise<ExitCode> {
  const { listSandboxes, reapSandboxes } = await import('../../sandbox/sandbox-registry.ts');
  await reapSandboxes();
  const records = await listSandboxes();
  if (json) printJson(io, { command: 'sandbox list', sandboxes: records.map(toJson) });
  else if (records.length === 0) remark(io, 'No sandbox runs.');
  else for (const record of records) say(io, [record.id, record.uri ?? '-', stateOf(record)].join('  '));
  return 0;
}

function stateOf({ card, hasFolder, isOwnerAlive, ownerPid, slapdPid }: SandboxRecord): string {
  if (!hasFolder) return 'its folder was removed; stop it';
  if (card === undefined) return isOwnerAlive ? `ends with process ${ownerPid}` : 'of another PID namespace';
  if (slapdPid === undefined) return 'detached, of another PID namespace';
  if (card.release === undefined) return 'detached, empty at the start';
  return `detached, Keystone ${card.release}${card.seeded ? ' with identities' : ''}`;
}

function toJson({ card, ...record }: SandboxRecord): Readonly<Record<string, unknown>> {
  return { ...record, detached: card !== undefined, ...card };
}

const EXAMPLES = examples([
  ['What runs, and since which command:', 'keystone-ldap sandbox list'],
  ['How to connect to the detached ones, passwords too:', 'keystone-ldap sandbox list --json'],
]);
