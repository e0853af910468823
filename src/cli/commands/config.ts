import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags, say, type OutputFlags } from '../terminal/output.ts';
import { configInitCommand } from './config-init.ts';

export function configCommand(context: CommandContext): Command {
  return new Command('config')
    .summary('write the configuration file that plan and apply read')
    .description('Writes a configuration file to start from, or prints its JSON Schema.')
    .helpCommand(false)
    .addCommand(configInitCommand(context))
    .addCommand(schemaCommand(context))
    .addHelpText('after', examples([['Write one, by questions:', 'keystone-ldap config init']]));
}

function schemaCommand(context: CommandContext): Command {
  const command = new Command('schema')
    .summary('print its JSON Schema')
    .description('Prints the JSON Schema of the configuration file, for completion and checks in an editor.');
  return addOutputFlags(command)
    .addHelpText(
      'after',
      examples([['For an editor:', 'keystone-ldap config schema > keystone-ldap.schema.json']]),
    )
    .action(
      action<OutputFlags>(context, async (_, io) => {
        const { configJsonSchema } = await import('../../config/json-schema.ts');
        say(io, JSON.stringify(configJsonSchema(), undefined, 2));
        return 0;
      }),
    );
}
