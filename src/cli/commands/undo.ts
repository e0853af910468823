import { Command } from 'commander';
import { action, type CommandContext } from '../command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../connection-flags.ts';
import { examples } from '../examples.ts';
import { addDryRunFlag, addOutputFlags } from '../output.ts';
import type { UndoFlags } from '../run-undo.ts';
import { addJournalFlags } from '../journal-flags.ts';

export function undoCommand(context: CommandContext): Command {
  const command = new Command('undo')
    .summary('take back what a run changed')
    .description(
      'Takes back what a run changed, in the directory and in keystone.conf, unless others have changed it since.',
    )
    .argument('[id]', 'the run, or the beginning of its id; the latest that is not undone unless told')
    .option('--yes', 'do not ask before it is done')
    .option('--keep-changed', 'leave what others have changed since as it is, and undo the rest')
    .option('--other-server', 'undo the run on this server even if it is not the one that the run changed');
  for (const add of [addDryRunFlag, addJournalFlags, addConnectionFlags, addConfigConnectionFlags])
    add(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined, flags: UndoFlags, self: Command) =>
      action<UndoFlags>(
        context,
        async (own, io) => await (await import('../run-undo.ts')).runUndo(id, own, io),
      )(flags, self),
    );
}

const EXAMPLES = examples([
  ['Look at the way back, then take it:', 'keystone-ldap undo --dry-run -D cn=admin,dc=example,dc=com -W'],
  [
    'A certain run, without a question:',
    'keystone-ldap undo 20261125T011446123Z-3f9a --yes \\',
    '    -D cn=admin,dc=example,dc=com -y admin.pw',
  ],
]);
