import { Command } from 'commander';
import { action, type CommandContext } from '../command-context.ts';
import { examples } from '../examples.ts';
import { addOutputFlags, say, type OutputFlags } from '../output.ts';

export function configSchemaCommand(context: CommandContext): Command {
  const command = new Command('schema')
    .summary('print its JSON Schema')
    .description('Prints the JSON Schema of the configuration file, by which editors complete it.');
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<OutputFlags>(context, async (_, io) => {
        const { configJsonSchema } = await import('../../config/json-schema.ts');
        say(io, JSON.stringify(configJsonSchema(), undefined, 2));
        return 0;
      }),
    );
}

const EXAMPLES = examples([['For an editor:', 'keystone-ldap config schema > keystone-ldap.schema.json']]);
