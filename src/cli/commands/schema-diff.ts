import { Command } from 'commander';
import { compareSchema } from '../../schema/compare-schema.ts';
import { actionOn, type CommandContext } from '../flags/command-context.ts';
import { addConnectionFlags, type ConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, say, type OutputFlags } from '../terminal/output.ts';
import { differenceJson, renderSchemaDiff } from '../schema/render-schema-diff.ts';
import { withDirectory } from '../../system/connection.ts';
import { resolveConnection } from '../inputs/resolve-connection.ts';
import { wantedSchema } from '../schema/wanted-schema.ts';

type Flags = ConnectionFlags & OutputFlags;

export function schemaDiffCommand(context: CommandContext): Command {
  const command = new Command('diff')
    .summary('compare a schema with a running server')
    .description(
      'Compares a revision, or your own schema file, with the schema of a running server, by OID and by meaning. ' +
        'Exits with 0 if the server has all definitions, 1 if some differ or are missing, 2 if it could not be asked.',
    )
    .argument('<revision|file>', 'revision, release such as diablo, or path of a .schema or .ldif file');
  addConnectionFlags(command);
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(actionOn<Flags>(context, diff));
}

async function diff(name: string, flags: Flags, io: Io): Promise<ExitCode> {
  const { observeSchema } = await import('../../plan/schema/observe-schema.ts');
  const { subject, schema, accepted } = await wantedSchema(name);
  const connection = await resolveConnection(flags, io);
  const present = await withDirectory(connection, observeSchema);
  const differences = compareSchema(schema, present, accepted);
  const equal = differences.length === 0;
  const { uri } = connection.options;
  if (flags.json === true)
    printJson(io, {
      command: 'schema diff',
      subject,
      uri,
      equal,
      differences: differences.map(differenceJson),
    });
  else if (equal) say(io, `${uri} has all definitions of ${subject}.`);
  else io.stdout.write(renderSchemaDiff(differences, io.colour));
  return equal ? 0 : 1;
}

const EXAMPLES = examples([
  ['On the server itself, as root:', 'keystone-ldap schema diff diablo -H ldapi:///'],
  ['From elsewhere, without a password:', 'keystone-ldap schema diff essex-3 -H ldap://ldap1 -x'],
  ['Your own file:', 'keystone-ldap schema diff ./my.schema -H ldapi:///'],
]);
