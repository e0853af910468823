import { Command, Option } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addConfFilesFlags } from '../flags/keystone-flags.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { addMappingFlags, addReleaseFlag, addTreeFlags } from '../inputs/release-flags.ts';
import type { ExportFlags } from '../export/run-export.ts';

export function exportCommand(context: CommandContext): Command {
  const command = new Command('export').summary('export identities from the directory as YAML or LDIF');
  addReleaseFlag(
    command.description(
      'Exports the identities that a release has in the directory, in a format that "seed" reads for any release, or as LDIF.',
    ),
  );
  command
    .addOption(
      new Option(
        '--format <format>',
        'yaml: identities; config: a complete keystone-ldap.yaml; ldif: entries',
      )
        .choices(['yaml', 'config', 'ldif'])
        .default('yaml'),
    )
    .option('--with-passwords', 'also export password hashes; clear text passwords are never exported')
    .option('--no-ids', 'omit IDs, for a release that generates its own')
    .option(
      '-o, --output <file>',
      'write to this file, readable by its owner only, instead of standard output',
    );
  addConfFilesFlags(command, 'read trees, object classes and attributes from this keystone.conf');
  for (const add of [addMappingFlags, addTreeFlags, addConnectionFlags]) add(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<ExportFlags>(
        context,
        async (flags, io, _isGiven, isMeant) =>
          await (await import('../export/run-export.ts')).runExport(flags, io, isMeant),
      ),
    );
}

const EXAMPLES = examples([
  [
    "From one release's layout to another's:",
    'keystone-ldap export -r 2011.3 -H ldap://old -D cn=admin,dc=example,dc=com -y old.pw |',
    '    keystone-ldap seed -r kilo -H ldap://new -D cn=admin,dc=example,dc=com -y new.pw --file -',
  ],
  [
    'What a keystone.conf of Liberty finds, projects and roles included:',
    'keystone-ldap export -r liberty --ldap-holds all --keystone-conf keystone.conf \\',
    '    -H ldap://ldap1 -D cn=keystone,dc=example,dc=com -y keystone.pw',
  ],
  ['With hashes, into a file:', 'keystone-ldap export --with-passwords -H ldapi:/// -o identities.yaml'],
]);
