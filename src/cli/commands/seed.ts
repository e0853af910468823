import { Command } from 'commander';
import { DEFAULT_RELEASE, findRelease } from '../../releases/find-release.ts';
import { carryOut } from '../carry-out.ts';
import { action, type CommandContext } from '../command-context.ts';
import { addConnectionFlags, type ConnectionFlags } from '../connection-flags.ts';
import { examples } from '../examples.ts';
import type { ExitCode, Io } from '../io.ts';
import { addDryRunFlag, addOutputFlags, type DryRunFlags, type OutputFlags } from '../output.ts';
import { addReleaseFlag, addTreeFlags, resolveTrees, type TreeFlags } from '../release-flags.ts';
import { connect, resolveConnection, withDirectory } from '../resolve-connection.ts';
import { resolveIdentities } from '../resolve-identities.ts';
import { addSeedFlags, type SeedFlags } from '../seed-flags.ts';
import { seedTarget } from '../seed-target.ts';
import { addSqlFlags, requireSqlFlags, type SqlFlags } from '../sql-flags.ts';
import { writeSqlPart } from '../write-sql-part.ts';

interface Flags extends ConnectionFlags, TreeFlags, SeedFlags, SqlFlags, OutputFlags, DryRunFlags {
  readonly release?: string;
}

export function seedCommand(context: CommandContext): Command {
  const command = new Command('seed').summary('write the sample data, or identities of your own');
  addReleaseFlag(
    command.description(
      "Writes tenants, users, roles and grants in the layout of a Keystone release: its sample data, or a file's.",
    ),
  );
  for (const add of [addSeedFlags, addTreeFlags, addSqlFlags, addDryRunFlag, addConnectionFlags])
    add(command);
  return addOutputFlags(command).addHelpText('after', EXAMPLES).action(action<Flags>(context, seed));
}

async function seed(flags: Flags, io: Io): Promise<ExitCode> {
  requireSqlFlags(flags);
  const { planIdentities } = await import('../../plan/plan-identities.ts');
  const release = findRelease(flags.release ?? DEFAULT_RELEASE);
  const identities = await resolveIdentities(flags.file, release, io);
  const connection = await resolveConnection(flags, io);
  // A script on stdout is the whole result.
  const talk = flags.sqlCommands === '-' ? { ...io, stdout: io.stderr } : io;
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { target, remarks } = seedTarget({ release, trees, identities }, flags);
    const changes = await planIdentities(directory, target);
    const subject = flags.file === undefined ? `The sample data of ${release.name}` : flags.file.join(', ');
    const code = await carryOut(
      { command: 'seed', changes, directory, openConfig: () => connect(connection), subject, flags, remarks },
      talk,
    );
    await writeSqlPart(identities.sql, flags, io);
    return code;
  });
}

const EXAMPLES = examples([
  [
    "The release's own sample data:",
    'keystone-ldap seed -r 2011.3 -H ldap://ldap1 -D cn=admin,dc=example,dc=com -W',
  ],
  [
    'Identities of your own, looked at first:',
    'keystone-ldap seed --file identities.yaml -H ldapi:/// --dry-run',
  ],
  ['What Keystone keeps in SQL, as a script:', 'keystone-ldap seed -H ldapi:/// --sql-commands sql.sh'],
]);
