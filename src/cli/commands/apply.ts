import { Command, Option } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import type { ApplyFlags } from '../apply/run-apply.ts';
import { bulkOption } from '../flags/seed-flags.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';
import { addDeclaredFlags } from './plan.ts';

export function applyCommand(context: CommandContext): Command {
  const command = new Command('apply').summary('apply what a configuration file declares');
  command
    .description(
      'Shows what a configuration file would change, asks for confirmation, and applies it: the directory first, keystone.conf last.',
    )
    .argument('[file]', 'configuration file, or a plan saved with "plan --out" (default: keystone-ldap.yaml)')
    .option('--yes', 'do not ask for confirmation')
    .addOption(
      new Option(
        '--undo-on-failure',
        'if a step fails or Ctrl-C ends the run, undo all its changes',
      ).conflicts('journal'),
    )
    .addOption(bulkOption());
  addJournalFlags(addDeclaredFlags(command));
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: ApplyFlags, self: Command) => {
      const { applyFile } = await import('../apply/apply-file.ts');
      const run = action<ApplyFlags>(context, (own, io) => applyFile(file, own, self, io));
      await run(flags, self);
    });
}

const EXAMPLES = examples([
  ['All that keystone-ldap.yaml declares:', 'keystone-ldap apply'],
  ['Where nobody can be asked:', 'keystone-ldap apply --yes'],
  ['All of it or nothing, where nobody watches:', 'keystone-ldap apply --yes --undo-on-failure'],
  ['And take away what was taken out of the file:', 'keystone-ldap apply --prune'],
  ['Just what was looked at:', 'keystone-ldap plan --out friday.plan', 'keystone-ldap apply friday.plan'],
]);
