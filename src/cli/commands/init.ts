import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addConfFilesFlags } from '../flags/keystone-flags.ts';
import { addDryRunFlag, addOutputFlags } from '../terminal/output.ts';
import {
  addMappingFlags,
  addOtherReleaseFlag,
  addReleaseFlag,
  addTreeFlags,
} from '../inputs/release-flags.ts';
import type { InitFlags } from '../init/run-init.ts';
import { addServiceAccountFlags } from '../flags/service-account-flags.ts';
import { addConfigFileFlag } from '../apply/take-config-file.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';

export function initCommand(context: CommandContext): Command {
  const command = new Command('init').summary('load the schema and create the trees');
  addReleaseFlag(command.description('Loads the schema of a Keystone release and creates missing trees.'));
  addOtherReleaseFlag(addMappingFlags(command));
  addTreeFlags(command);
  addConfFilesFlags(
    command,
    'read the release, trees, object classes, attributes and filters from this keystone.conf',
  )
    .option('--schema-file <file>', 'load this .schema or .ldif file instead of the schema of the release')
    .option('--read-only', 'check only: verify schema and trees, and print the matching "configure" command')
    .option('--replace-schema', 'replace definitions that differ, unless an entry would become invalid');
  for (const add of [
    addServiceAccountFlags,
    addDryRunFlag,
    addConnectionFlags,
    addConfigConnectionFlags,
    addJournalFlags,
  ])
    add(command);
  return addOutputFlags(addConfigFileFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(
      action<InitFlags>(context, async (flags, io, _, isMeant) =>
        flags.readOnly === true
          ? await (await import('../init/check-init.ts')).checkInit(flags, io, isMeant)
          : await (await import('../init/run-init.ts')).runInit(flags, io, isMeant),
      ),
    );
}

const EXAMPLES = examples([
  [
    'On the server itself, as root: cn=config by SASL EXTERNAL, the data as its rootdn:',
    'keystone-ldap init -H ldapi:/// -D cn=admin,dc=example,dc=com -W',
  ],
  [
    'From elsewhere; cn=config has an administrator of its own:',
    'keystone-ldap init -H ldap://ldap1 -ZZ -D cn=admin,dc=example,dc=com -y admin.pw \\',
    '    --config-bind-dn cn=admin,cn=config --config-password-file config.pw',
  ],
  [
    'And an account for Keystone, with just the rights that it needs:',
    'keystone-ldap init -H ldapi:/// --service-account cn=keystone,dc=example,dc=com \\',
    '    --generate-service-password keystone.pw',
  ],
  ['Only look:', 'keystone-ldap init --release essex-3 -H ldapi:/// --dry-run'],
]);
