import { Command, Option } from 'commander';
import { actionOn, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { readInput, STDIN } from '../terminal/read-input.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, remark, type OutputFlags } from '../terminal/output.ts';
import { formatSchema, parseSchema, SCHEMA_FORMS } from '../../schema/schema-form.ts';
import { resolveConversion, type ConversionFlags } from '../schema/schema-conversion.ts';
import { writeOutput } from '../terminal/write-output.ts';

type Flags = ConversionFlags & OutputFlags;

export function schemaConvertCommand(context: CommandContext): Command {
  const command = new Command('convert')
    .summary('convert between .schema and .ldif')
    .description(
      'Converts a schema file between the format that slapd.conf includes (.schema) and the format for ' +
        'cn=config (.ldif). Resolves OID macros and drops comments; reports every error with its line.',
    )
    .argument('<file>', 'schema file, "-" for standard input')
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .addOption(
      new Option('--to <form>', 'output format (default: the one that FILE does not have)').choices(
        SCHEMA_FORMS,
      ),
    )
    .option('--name <name>', 'name of the entry in cn=config (default: name of the file)');
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(actionOn<Flags>(context, convert));
}

async function convert(path: string, flags: Flags, io: Io): Promise<ExitCode> {
  const { from, to, name } = resolveConversion(path, flags);
  const parsed = parseSchema(from, await readInput(path, io), path === '-' ? STDIN : path);
  const schema = { ...parsed, name: name ?? parsed.name };
  const text = formatSchema(to, schema);
  const { output = '-', json = false } = flags;
  if (output !== '-') await writeOutput(output, [text]);
  if (json) printJson(io, { command: 'schema convert', from, to, name: schema.name, output, text });
  else if (output === '-') io.stdout.write(text);
  else remark(io, `Wrote ${output}.`);
  return 0;
}

const EXAMPLES = examples([
  ['For cn=config:', 'keystone-ldap schema convert my.schema -o my.ldif'],
  ['For slapd.conf, on standard output:', 'keystone-ldap schema convert my.ldif'],
  ['In a pipe:', 'generate-schema | keystone-ldap schema convert - --to ldif --name my'],
]);
