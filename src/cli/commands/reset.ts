import { Command, Option } from 'commander';
import { action, type CommandContext } from '../command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../connection-flags.ts';
import { examples } from '../examples.ts';
import { addDryRunFlag, addOutputFlags } from '../output.ts';
import type { ResetFlags } from '../run-reset.ts';
import { addJournalFlags } from '../journal-flags.ts';

export function resetCommand(context: CommandContext): Command {
  const command = new Command('reset')
    .summary('take away all that keystone-ldap made')
    .description(
      'Takes away the entries that keystone-ldap made below a suffix, by its registry and its journals, and no others.',
    )
    .addOption(
      new Option('-b, --suffix <dn>', 'below which suffix; the naming context if there is but one').env(
        'KEYSTONE_LDAP_SUFFIX',
      ),
    )
    .option('--yes', 'do not ask for the suffix to be typed')
    .option(
      '--registry-only',
      'only clear the registry of entries that are gone or that others made again; delete no other entry',
    )
    .option('--other-server', 'also count runs that changed another directory at this address');
  for (const add of [addDryRunFlag, addJournalFlags, addConnectionFlags, addConfigConnectionFlags])
    add(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<ResetFlags>(
        context,
        async (flags, io) => await (await import('../run-reset.ts')).runReset(flags, io),
      ),
    );
}

const EXAMPLES = examples([
  ['What would go?', 'keystone-ldap reset --dry-run -H ldapi:/// -D cn=admin,dc=example,dc=com -W'],
]);
