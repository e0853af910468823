import { Option, type Command } from 'commander';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { DEFAULT_RELEASE, treesBelow } from '../releases/find-release.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Io } from './io.ts';
import { ask, requireDn } from './resolve-connection.ts';

export interface TreeFlags {
  readonly suffix?: string;
  readonly userTreeDn?: string;
  readonly tenantTreeDn?: string;
  readonly roleTreeDn?: string;
}

export function addReleaseFlag(command: Command): Command {
  return command.addOption(
    new Option('-r, --release <name>', `the Keystone release (default: ${DEFAULT_RELEASE})`).env(
      'KEYSTONE_LDAP_RELEASE',
    ),
  );
}

export function addTreeFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-b, --suffix <dn>',
        'what the default trees lie below; the naming context if there is but one',
      ).env('KEYSTONE_LDAP_SUFFIX'),
    )
    .option('--user-tree-dn <dn>', 'where users are (default: ou=Users below the suffix)')
    .option('--tenant-tree-dn <dn>', 'where tenants are (default: ou=Groups below the suffix)')
    .option('--role-tree-dn <dn>', 'where roles are (default: ou=Groups below the suffix)');
}

/** Whether no tree is left to be found below the suffix. */
export function hasAllTrees({ userTreeDn, tenantTreeDn, roleTreeDn }: TreeFlags): boolean {
  return [userTreeDn, tenantTreeDn, roleTreeDn].every((dn) => dn !== undefined);
}

/**
 * The trees that the flags name; the suffix is asked for only where a tree depends on it.
 * @throws `USAGE`
 */
export async function resolveTrees(
  flags: TreeFlags,
  release: Release,
  io: Io,
  session?: Session,
): Promise<Trees> {
  const named: Partial<Trees> = {
    ...(flags.userTreeDn === undefined ? {} : { user: requireDn('--user-tree-dn', flags.userTreeDn) }),
    ...(flags.tenantTreeDn === undefined
      ? {}
      : { tenant: requireDn('--tenant-tree-dn', flags.tenantTreeDn) }),
    ...(flags.roleTreeDn === undefined ? {} : { role: requireDn('--role-tree-dn', flags.roleTreeDn) }),
  };
  const { user, tenant, role } = named;
  if (user !== undefined && tenant !== undefined && role !== undefined) return { user, tenant, role };
  return treesBelow(release, await resolveSuffix(flags, io, session), named);
}

async function resolveSuffix(flags: TreeFlags, io: Io, session: Session | undefined): Promise<string> {
  if (flags.suffix !== undefined) return requireDn('--suffix', flags.suffix);
  const { namingContexts } = await import('../plan/plan-trees.ts');
  const contexts = session === undefined ? [] : await namingContexts(session);
  if (contexts.length === 1 && contexts[0] !== undefined) return contexts[0];
  const flag = '--suffix DN (or KEYSTONE_LDAP_SUFFIX)';
  const held = contexts.join(' or ');
  if (io.asker === undefined && held !== '')
    throw new KeystoneLdapError('USAGE', `${flag} is missing.`, { hint: `The server holds ${held}.` });
  const question = held === '' ? 'Below which suffix?' : `Below which suffix, ${held}?`;
  return requireDn('--suffix', await ask(io, question, flag, contexts[0]));
}
