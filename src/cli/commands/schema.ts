import { Command } from 'commander';
import type { CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { schemaConvertCommand } from './schema-convert.ts';
import { schemaDiffCommand } from './schema-diff.ts';
import { schemaListCommand } from './schema-list.ts';
import { schemaShowCommand } from './schema-show.ts';

export function schemaCommand(context: CommandContext): Command {
  const command = new Command('schema')
    .summary('show, convert and compare LDAP schema')
    .description(
      "Shows the revisions of Keystone's schema, converts schema files, and compares them with a server.",
    )
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  for (const build of [schemaListCommand, schemaShowCommand, schemaConvertCommand, schemaDiffCommand])
    command.addCommand(build(context));
  return command;
}

const EXAMPLES = examples([
  ['Which schema does my release need, and where is it?', 'keystone-ldap schema list'],
  ['For a server that is configured by LDAP:', 'keystone-ldap schema show diablo --format ldif'],
  ['Any .schema file for cn=config:', 'keystone-ldap schema convert sudo.schema -o sudo.ldif'],
  ['Is it loaded, and the same?', 'keystone-ldap schema diff 2011.3 -H ldapi:///'],
]);
