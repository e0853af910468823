import { Command, Option } from 'commander';
import { action, type CommandContext } from '../command-context.ts';
import { examples } from '../examples.ts';
import { addOutputFlags } from '../output.ts';
import type { ApplyFlags } from '../run-apply.ts';
import { bulkOption } from '../seed-flags.ts';
import { addJournalFlags } from '../journal-flags.ts';
import { addDeclaredFlags } from './plan.ts';

export function applyCommand(context: CommandContext): Command {
  const command = new Command('apply').summary('make it so');
  command
    .description(
      'Shows what a configuration file would change, asks, and makes it: the directory first, keystone.conf last.',
    )
    .argument('[file]', 'the configuration file, or a plan of "plan --out" (default: keystone-ldap.yaml)')
    .option('--yes', 'do not ask')
    .addOption(
      new Option(
        '--undo-on-failure',
        'take everything back where a part fails or Ctrl-C ends it, as undo does',
      ).conflicts('journal'),
    )
    .addOption(bulkOption());
  addJournalFlags(addDeclaredFlags(command));
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: ApplyFlags, self: Command) => {
      const { applyFile } = await import('../apply-file.ts');
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
