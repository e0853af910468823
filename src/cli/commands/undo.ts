import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addDryRunFlag, addOutputFlags } from '../terminal/output.ts';
import type { UndoFlags } from '../history/run-undo.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';

export function undoCommand(context: CommandContext): Command {
  const command = new Command('undo')
    .summary('undo the changes of a run')
    .description(
      'Undoes the changes of a run in the directory and in keystone.conf, unless others have changed the same things since.',
    )
    .argument('[id]', 'run ID, or the beginning of one (default: the latest run that is not undone)')
    .option('--yes', 'do not ask for confirmation')
    .option('--keep-changed', 'keep what others have changed since, and undo the rest')
    .option('--other-server', 'undo the run on this server even if the run changed another one');
  for (const add of [addDryRunFlag, addJournalFlags, addConnectionFlags, addConfigConnectionFlags])
    add(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined, flags: UndoFlags, self: Command) =>
      action<UndoFlags>(
        context,
        async (own, io) => await (await import('../history/run-undo.ts')).runUndo(id, own, io),
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
