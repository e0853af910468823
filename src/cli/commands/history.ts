import type { HistoryFlags } from '../history/run-history.ts';
import { Command } from 'commander';
import { action, actionOn, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { addStateFlag } from '../flags/journal-flags.ts';

export function historyCommand(context: CommandContext): Command {
  const command = new Command('history')
    .enablePositionalOptions()
    .summary('list the runs that made changes')
    .description('Lists the runs that changed the directory or a file, the latest first.');
  addOutputFlags(addStateFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(
      action<HistoryFlags>(
        context,
        async (flags, io) => await (await import('../history/run-history.ts')).runHistory(flags, io),
      ),
    );
  return command.addCommand(showCommand(context));
}

function showCommand(context: CommandContext): Command {
  const command = new Command('show')
    .summary('show what a run changed')
    .description('Shows the changes of a run in their order, as its journal lists them, without passwords.')
    .argument('<id>', 'run ID, or the beginning of one');
  return addOutputFlags(addStateFlag(command))
    .addHelpText('after', SHOW_EXAMPLES)
    .action(
      actionOn<HistoryFlags>(
        context,
        async (id, flags, io) => await (await import('../history/run-history.ts')).showRun(id, flags, io),
      ),
    );
}

const EXAMPLES = examples([
  ['What has been done from here?', 'keystone-ldap history'],
  ['And what was it?', 'keystone-ldap history show 20261125T011446123Z-3f9a'],
]);

const SHOW_EXAMPLES = examples([['By the beginning of its id:', 'keystone-ldap history show 20261125T0114']]);
