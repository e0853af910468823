import { Command, Option } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addDryRunFlag, addOutputFlags } from '../terminal/output.ts';
import type { ResetFlags } from '../history/run-reset.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';

export function resetCommand(context: CommandContext): Command {
  const command = new Command('reset')
    .summary('delete everything that keystone-ldap created')
    .description(
      'Deletes the entries that keystone-ldap created below a suffix, according to its registry and its journals, and no others.',
    )
    .addOption(
      new Option(
        '-b, --suffix <dn>',
        'suffix to clear (default: the naming context, if the server has only one)',
      ).env('KEYSTONE_LDAP_SUFFIX'),
    )
    .option('--yes', 'do not ask for confirmation')
    .option(
      '--registry-only',
      'only remove registry records of entries that no longer exist or that others created again',
    )
    .option('--other-server', 'also include runs that changed another directory at this address');
  for (const add of [addDryRunFlag, addJournalFlags, addConnectionFlags, addConfigConnectionFlags])
    add(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<ResetFlags>(
        context,
        async (flags, io) => await (await import('../history/run-reset.ts')).runReset(flags, io),
      ),
    );
}

const EXAMPLES = examples([
  ['What would go?', 'keystone-ldap reset --dry-run -H ldapi:/// -D cn=admin,dc=example,dc=com -W'],
]);
