import { Command, Option } from 'commander';
import { readText } from '../../files.ts';
import { shippedSchemaFiles } from '../../schema/shipped-schema.ts';
import { actionOn, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, type OutputFlags } from '../terminal/output.ts';
import { resolveRevision } from '../inputs/resolve-revision.ts';
import { SCHEMA_FORMS, type SchemaForm } from '../../schema/schema-form.ts';

interface Flags extends OutputFlags {
  readonly format: SchemaForm;
}

export function schemaShowCommand(context: CommandContext): Command {
  const command = new Command('show')
    .summary('print a shipped revision')
    .description("Prints a revision of Keystone's schema.")
    .argument('<revision>', 'revision, or release such as diablo')
    .addOption(
      new Option('--format <form>', 'output format: schema for slapd.conf, ldif for cn=config')
        .choices(SCHEMA_FORMS)
        .default('schema'),
    );
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(actionOn<Flags>(context, show));
}

async function show(name: string, { format, json = false }: Flags, io: Io): Promise<ExitCode> {
  const revision = resolveRevision(name).name;
  const file = shippedSchemaFiles(revision)[format];
  const text = await readText(file);
  if (json) printJson(io, { command: 'schema show', revision, format, file, text });
  else io.stdout.write(text);
  return 0;
}

const EXAMPLES = examples([
  ['The file for an include line of slapd.conf:', 'keystone-ldap schema show 2011.3 > keystone.schema'],
  [
    'Straight into cn=config:',
    'keystone-ldap schema show essex-3 --format ldif | ldapadd -Q -Y EXTERNAL -H ldapi:///',
  ],
]);
