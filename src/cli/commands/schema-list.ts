import { Command } from 'commander';
import { SCHEMA_REVISIONS, shippedSchemaFiles } from '../../schema/shipped-schema.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, say, type OutputFlags } from '../terminal/output.ts';
import { releasesOf } from '../inputs/resolve-revision.ts';

export function schemaListCommand(context: CommandContext): Command {
  const command = new Command('list')
    .summary('list the shipped revisions')
    .description("Lists the shipped revisions of Keystone's schema.");
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(action<OutputFlags>(context, list));
}

function list({ json = false }: OutputFlags, io: Io): Promise<ExitCode> {
  const revisions = SCHEMA_REVISIONS.map((revision) => {
    const { name, title, date, keystone } = revision;
    return { name, releases: releasesOf(revision), title, date, keystone, files: shippedSchemaFiles(name) };
  });
  if (json) printJson(io, { command: 'schema list', revisions });
  else say(io, revisions.map(describe).join('\n\n'));
  return Promise.resolve(0);
}

interface Listed {
  readonly name: string;
  readonly releases: readonly string[];
  readonly title: string;
  readonly date: string;
  readonly keystone: string;
  readonly files: { readonly schema: string; readonly ldif: string };
}

function describe({ name, releases, title, date, keystone, files }: Listed): string {
  return [
    `${name}  ${title}`,
    `    for releases  ${releases.join(', ')}`,
    `    in Keystone   ${keystone}, ${date}`,
    `    slapd.conf    ${files.schema}`,
    `    cn=config     ${files.ldif}`,
  ].join('\n');
}

const EXAMPLES = examples([
  ['The paths, for a script:', "keystone-ldap schema list --json | jq -r '.revisions[].files.ldif'"],
]);
