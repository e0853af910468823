import { Command } from 'commander';
import { carryOut } from '../carry-out.ts';
import { action, type CommandContext } from '../command-context.ts';
import {
  addConfigConnectionFlags,
  addConnectionFlags,
  type ConfigConnectionFlags,
  type ConnectionFlags,
} from '../connection-flags.ts';
import { examples } from '../examples.ts';
import type { ExitCode, Io } from '../io.ts';
import { addDryRunFlag, addOutputFlags, type DryRunFlags, type OutputFlags } from '../output.ts';
import {
  addMappingFlags,
  addReleaseFlag,
  addTreeFlags,
  resolveTrees,
  type ReleaseFlags,
  type TreeFlags,
} from '../release-flags.ts';
import { resolveRelease } from '../resolve-release.ts';
import { connect, resolveConfigConnection, resolveConnection, withDirectory } from '../resolve-connection.ts';

interface Flags
  extends ReleaseFlags, ConnectionFlags, ConfigConnectionFlags, TreeFlags, OutputFlags, DryRunFlags {
  readonly schemaFile?: string;
  readonly replaceSchema?: boolean;
}

export function initCommand(context: CommandContext): Command {
  const command = new Command('init').summary('load the schema and create the trees');
  addReleaseFlag(
    command.description('Loads the schema of a Keystone release and creates the trees that are missing.'),
  );
  addMappingFlags(command);
  addTreeFlags(command);
  command
    .option('--schema-file <file>', 'load this .schema or .ldif instead of the one of the release')
    .option('--replace-schema', 'replace definitions that differ, where no entry would be broken');
  addDryRunFlag(command);
  addConfigConnectionFlags(addConnectionFlags(command));
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(action<Flags>(context, init));
}

async function init(flags: Flags, io: Io): Promise<ExitCode> {
  const { planInit } = await import('../../plan/plan-init.ts');
  const release = resolveRelease(flags);
  const connection = await resolveConnection(flags, io);
  const openConfig = async () => await connect(await resolveConfigConnection(flags, connection, io));
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { schemaFile, replaceSchema = false } = flags;
    const changes = await planInit({ directory, openConfig }, { release, trees, schemaFile, replaceSchema });
    const subject = `Schema and trees of ${release.name}`;
    return await carryOut({ command: 'init', changes, directory, openConfig, subject, flags }, io);
  });
}

const EXAMPLES = examples([
  ['On the server itself, as root (SASL EXTERNAL):', 'keystone-ldap init -H ldapi:///'],
  [
    'From elsewhere; cn=config has an administrator of its own:',
    'keystone-ldap init -H ldap://ldap1 -ZZ -D cn=admin,dc=example,dc=com -y admin.pw \\',
    '    --config-bind-dn cn=admin,cn=config --config-password-file config.pw',
  ],
  ['Only look:', 'keystone-ldap init --release essex-3 -H ldapi:/// --dry-run'],
]);
