import { Option, type Command } from 'commander';
import { inGroup } from '../flags/help-groups.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { DEFAULT_RELEASE, treesBelow } from '../../releases/find-release.ts';
import { kindsIn } from '../../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../../releases/release.ts';
import { collect } from '../flags/collect.ts';
import type { Io } from '../terminal/io.ts';
import { ask, requireDn } from './resolve-connection.ts';

export interface ReleaseFlags {
  /** By a configuration file only: the keystone.conf that it names. */
  readonly declaredConf?: string;
  readonly release?: string;
  readonly map?: readonly string[];
  readonly ldapHolds?: 'identity' | 'all';
}

export interface TreeFlags {
  readonly suffix?: string;
  readonly userTreeDn?: string;
  readonly groupTreeDn?: string;
  readonly tenantTreeDn?: string;
  readonly projectTreeDn?: string;
  readonly roleTreeDn?: string;
  readonly domainTreeDn?: string;
}

export function addReleaseFlag(command: Command): Command {
  return inGroup(command, 'layout', () =>
    command.addOption(
      new Option(
        '-r, --release <release>',
        `Keystone release (default: read from keystone.conf or the installed Keystone; ${DEFAULT_RELEASE} if the server is blank)`,
      ).env('KEYSTONE_LDAP_RELEASE'),
    ),
  );
}

export function addOtherReleaseFlag(command: Command): Command {
  return inGroup(command, 'layout', () =>
    command.option(
      '--allow-other-release',
      'continue even if the directory or keystone.conf belongs to the other generation of releases (2011, or Essex and later)',
    ),
  );
}

/** How a release is set up in ways that its defaults are not; for Essex and later. */
export function addMappingFlags(command: Command): Command {
  return inGroup(command, 'layout', () =>
    command
      .option(
        '--map <option=value>',
        'set an [ldap] option that controls how Keystone finds entries, for example user_id_attribute=uid (repeatable)',
        collect,
      )
      .addOption(
        new Option(
          '--ldap-holds <what>',
          'identity: users and groups (Havana and later); all: also projects, roles and grants (up to Liberty)',
        ).choices(['identity', 'all']),
      ),
  );
}

export function addTreeFlags(command: Command): Command {
  return inGroup(command, 'layout', () =>
    command
      .addOption(
        new Option(
          '-b, --suffix <dn>',
          'base DN of the default trees (default: the naming context, if the server has only one)',
        ).env('KEYSTONE_LDAP_SUFFIX'),
      )
      .option('--user-tree-dn <dn>', 'base DN of users (default: ou=Users below the suffix)')
      .option('--group-tree-dn <dn>', 'base DN of groups (default: ou=UserGroups below the suffix)')
      .option('--tenant-tree-dn <dn>', 'base DN of tenants (default: ou=Groups below the suffix)')
      .addOption(new Option('--project-tree-dn <dn>', 'the same by its later name').hideHelp())
      .option(
        '--role-tree-dn <dn>',
        'base DN of roles (default: ou=Roles below the suffix, before Essex ou=Groups)',
      )
      .option(
        '--domain-tree-dn <dn>',
        'base DN of domains, 2013.1 only (default: ou=Domains below the suffix)',
      ),
  );
}

/** Whether no tree of the release is left to be found below the suffix. */
export function hasAllTrees(flags: TreeFlags, release: Release): boolean {
  const named = namedTrees(flags);
  return kindsIn(release.trees).every((kind) => named[kind] !== undefined);
}

/**
 * The trees that the flags name; the suffix is asked for only where a tree depends on it.
 * @throws `USAGE`, also for the tree of a kind that the release does not keep in LDAP
 */
export async function resolveTrees(
  flags: TreeFlags,
  release: Release,
  io: Io,
  session?: Session,
): Promise<Trees> {
  const named = requireNamedTrees(flags, release);
  const { user } = named;
  if (user !== undefined && hasAllTrees(flags, release)) return { ...named, user };
  return treesBelow(release, await resolveSuffix(flags, io, session), named);
}

/** @throws `USAGE`, also for the tree of a kind that the release does not keep in LDAP */
export function requireNamedTrees(flags: TreeFlags, release: Release): Partial<Trees> {
  const named = namedTrees(flags);
  const stray = Object.keys(named).find((kind) => release.trees[kind as EntryKind] === undefined);
  if (stray === undefined) return named;
  throw new KeystoneLdapError(
    'USAGE',
    `${release.title} keeps no ${stray}s in LDAP: leave out --${stray}-tree-dn.`,
  );
}

function namedTrees(flags: TreeFlags): Partial<Record<EntryKind, string>> {
  const given: Readonly<Record<EntryKind, string | undefined>> = {
    user: flags.userTreeDn,
    group: flags.groupTreeDn,
    tenant: flags.tenantTreeDn ?? flags.projectTreeDn,
    role: flags.roleTreeDn,
    domain: flags.domainTreeDn,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([kind, dn]) =>
      dn === undefined ? [] : [[kind, requireDn(`--${kind}-tree-dn`, dn)]],
    ),
  );
}

/** @throws `USAGE` */
export async function resolveSuffix(flags: TreeFlags, io: Io, session: Session | undefined): Promise<string> {
  if (flags.suffix !== undefined) return requireDn('--suffix', flags.suffix);
  const { namingContexts } = await import('../../plan/plan-trees.ts');
  const contexts = session === undefined ? [] : await namingContexts(session);
  if (contexts.length === 1 && contexts[0] !== undefined) return contexts[0];
  const flag = '--suffix DN (or KEYSTONE_LDAP_SUFFIX)';
  const held = contexts.join(' or ');
  if (io.asker === undefined && held !== '')
    throw new KeystoneLdapError('USAGE', `${flag} is missing.`, { hint: `The server holds ${held}.` });
  const question = held === '' ? 'Below which suffix?' : `Below which suffix, ${held}?`;
  return requireDn('--suffix', await ask(io, question, flag, contexts[0]));
}
