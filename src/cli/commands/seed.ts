import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addDryRunFlag, addOutputFlags } from '../terminal/output.ts';
import {
  addMappingFlags,
  addOtherReleaseFlag,
  addReleaseFlag,
  addTreeFlags,
} from '../inputs/release-flags.ts';
import type { RunSeedFlags } from '../seed/run-seed-flags.ts';
import { addSeedFlags, addStreamFlags } from '../flags/seed-flags.ts';
import { addSqlFlags } from '../flags/sql-flags.ts';
import { addConfigFileFlag } from '../apply/take-config-file.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';

export function seedCommand(context: CommandContext): Command {
  const command = new Command('seed').summary('write sample data or your own identities');
  addReleaseFlag(
    command.description(
      'Writes tenants, users, roles and grants in the layout of a Keystone release, from a file or from its sample data.',
    ),
  );
  for (const add of [
    addMappingFlags,
    addOtherReleaseFlag,
    addSeedFlags,
    addStreamFlags,
    addTreeFlags,
    addSqlFlags,
    addDryRunFlag,
    addConnectionFlags,
    addConfigConnectionFlags,
    addJournalFlags,
  ])
    add(command);
  return addOutputFlags(addConfigFileFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(
      action<RunSeedFlags>(context, async (flags, io) =>
        flags.offline === undefined
          ? await (await import('../seed/run-seed.ts')).runSeed(flags, io)
          : await (await import('../seed/run-offline-seed.ts')).runOfflineSeed(flags.offline, flags, io),
      ),
    );
}

const EXAMPLES = examples([
  [
    "The release's own sample data:",
    'keystone-ldap seed -r 2011.3 -H ldap://ldap1 -D cn=admin,dc=example,dc=com -W',
  ],
  [
    'Identities of your own, looked at first:',
    'keystone-ldap seed --file identities.yaml -H ldapi:/// --dry-run',
  ],
  [
    'A hundred thousand people for a test, quickly:',
    'keystone-ldap seed -H ldapi:/// --generate users=100000,groups=50,seed=1 --bulk',
    'keystone-ldap seed -b dc=example,dc=com --generate users=100000 --offline - | slapadd -q',
  ],
  ['What Keystone keeps in SQL, as a script:', 'keystone-ldap seed -H ldapi:/// --sql-commands sql.sh'],
]);
