import { equalDn, formatDn, parseDn } from '../../directory/dn.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { equalRules, withoutIndex, wordsOf } from './access-rule.ts';
import { attributeKinds, type AttributeKinds } from './attribute-kinds.ts';
import type { ModifyConfig } from '../change.ts';
import { holdsPartOf, observeDatabases, suffixFor, type ObservedDatabase } from './observe-databases.ts';
import { observeConfig, observeSchema, type ConfigBackend } from '../schema/observe-schema.ts';
import { placeValues } from './place-values.ts';
import type { SchemaPorts } from '../schema/schema-target.ts';
import { namingContexts } from '../plan-trees.ts';
import {
  accessBases,
  accessRules,
  appliesTo,
  isAnothersLimit,
  isOwnLimit,
  isOwnRule,
  isUnlimited,
  limitsFor,
  opensLogins,
  passesOn,
  type ConflictChoice,
  type OtherRules,
  type PlacedRule,
  type ServiceAccess,
} from './service-access.ts';

export interface AccessPorts extends SchemaPorts {
  /** Decides what is done about rules of the server that refuse what is needed; each is told in a sentence. */
  readonly settleAccess?: (conflicts: readonly string[]) => Promise<ConflictChoice>;
  /** Takes what rules of the server keep from the account, a sentence. */
  readonly onRemark?: (text: string) => void;
}

/**
 * What lets the account read the trees, all entries of them, and be bound to: values of `olcAccess` and `olcLimits` on
 * each database that holds a part of it, as far as rules of the server do not give it. Rules of ours for other trees go.
 * @throws `LDAP_REFUSED`, `ACCESS_DENIED` with the lines to add by hand where cn=config cannot be changed,
 *   `ACCESS_CONFLICT` if a rule of the server refuses what is needed and nobody decides, `USAGE` for a rootdn, whom no
 *   rule binds
 */
export async function planServiceAccess(
  ports: AccessPorts,
  target: ServiceAccess,
): Promise<readonly ModifyConfig[]> {
  const { directory, openConfig, settleAccess = refuseConflict, onRemark = () => undefined } = ports;
  const kinds = attributeKinds(await observeSchema(directory), markersOf(target));
  await using config = await openConfig();
  const { backend } = await observeConfig(config);
  const byHand = async () => linesByHand(target, await namingContexts(directory), kinds);
  if (backend.kind !== 'directory') throw notWritable(config, backend, await byHand());
  const { databases, frontendAccess } = await observeDatabases(config);
  refuseRootDn(databases, target.dn);
  const suffixes = databases.flatMap((database) => database.suffixes);
  const hidden = accessBases(target).find((base) => suffixFor(base, suffixes) === undefined);
  if (hidden !== undefined)
    throw new KeystoneLdapError('ACCESS_DENIED', `The database of ${hidden} is not seen in cn=config.`, {
      problems: await byHand(),
      hint: ELSEWHERE,
    });
  const frontend = frontendAccess.map(withoutIndex);
  const answers = (choice?: ConflictChoice) =>
    databases.map((database) => {
      const others = othersIn(database, frontend, target);
      const holds = (base: string): boolean => holdsPartOf(base, database, suffixes);
      return {
        database,
        isHolder: accessBases(target).some(holds),
        ...accessRules(target, { others, holds, kinds }, choice),
      };
    });
  const first = answers();
  const conflicts = first.flatMap((answer) => (isOpen(answer.database, frontend) ? [] : answer.conflicts));
  const settled = conflicts.length === 0 ? first : answers(await settleAccess([...new Set(conflicts)]));
  const closed = settled.filter(({ database }) => !isOpen(database, frontend));
  for (const text of new Set(closed.flatMap(({ remarks }) => remarks))) onRemark(text);
  return settled.flatMap(({ database, isHolder, rules }) =>
    changesOf(database, { target, isHolder, rules: isOpen(database, frontend) ? [] : rules }),
  );
}

/** Without any rule everybody may read everything, which the first rule ends for all. */
function isOpen({ access }: ObservedDatabase, frontend: readonly string[]): boolean {
  return access.length === 0 && frontend.length === 0;
}

function othersIn(
  { access }: ObservedDatabase,
  frontend: readonly string[],
  { dn, trees }: ServiceAccess,
): OtherRules {
  const texts = access.map(withoutIndex);
  const isOwn = (text: string): boolean => isOwnRule(text, dn);
  return {
    local: texts.filter((text) => !isOwn(text)),
    frontend,
    hasOurLogins: texts.some((text) => isOwn(text) && opensLogins(text, trees.user)),
  };
}

function changesOf(
  database: ObservedDatabase,
  {
    target,
    isHolder,
    rules,
  }: { readonly target: ServiceAccess; readonly isHolder: boolean; readonly rules: readonly PlacedRule[] },
): readonly ModifyConfig[] {
  const { access, limits } = database;
  const equal = (a: string, b: string): boolean => equalRules(wordsOf(a), wordsOf(b));
  const edits = [
    ...placeValues({
      attribute: 'olcAccess',
      present: access,
      wanted: rules,
      isOwn: (text) => isOwnRule(text, target.dn),
      passes: (text) => passesOn(text, target.dn),
      equal,
    }),
    ...placeValues({
      attribute: 'olcLimits',
      present: limits,
      wanted: isHolder ? wantedLimits(limits, target.dn) : [],
      isOwn: (text) => isOwnLimit(text, target.dn),
      passes: (text) => isAnothersLimit(text, target.dn),
      equal,
    }),
  ];
  const label = `access of the service account to ${database.suffixes.join(' and ')}`;
  return edits.length === 0 ? [] : [{ kind: 'modify-config', dn: database.dn, label, edits }];
}

/** One before the first limits of others that would count for the account, unless those let it list everything. */
function wantedLimits(limits: readonly string[], account: string): readonly PlacedRule[] {
  const others = limits.map(withoutIndex).filter((text) => !isOwnLimit(text, account));
  const first = others.findIndex((text) => !isAnothersLimit(text, account));
  if (first >= 0 && isUnlimited(others[first] ?? '') && appliesTo(others[first] ?? '', account)) return [];
  return [{ text: limitsFor(account), place: first < 0 ? others.length : first }];
}

/** The classes by which Keystone finds entries; a filter for one of them leaves nothing out. */
function markersOf({ release }: ServiceAccess): readonly string[] {
  const { user, tenant, role, group, domain } = release.layout;
  return [user, tenant, role, group, domain].flatMap((one) => (one === undefined ? [] : [one.marker]));
}

function refuseConflict(conflicts: readonly string[]): never {
  throw accessConflict(conflicts);
}

/** What rules of the server refuse, and nobody has decided about. */
export function accessConflict(conflicts: readonly string[]): KeystoneLdapError {
  return new KeystoneLdapError(
    'ACCESS_CONFLICT',
    'Rules of the server refuse what Keystone needs; nothing was written.',
    {
      problems: conflicts.map((message) => ({ message })),
      hint:
        'Change these rules, or add --access-conflicts keep to leave them in force, ' +
        'or --access-conflicts override to give these rights in spite of them.',
    },
  );
}

function refuseRootDn(databases: readonly ObservedDatabase[], account: string): void {
  const own = databases.find(({ rootDn }) => rootDn !== undefined && equalDn(rootDn, account));
  if (own === undefined) return;
  throw new KeystoneLdapError(
    'USAGE',
    `${account} is the rootdn of ${own.suffixes.join(' and ')}, who may do everything.`,
    {
      hint: 'Name another DN for the service account; it is created where it is missing.',
    },
  );
}

/** In slapd.conf the same rules are lines of the section of each database; nobody knows the others that are there. */
function linesByHand(
  target: ServiceAccess,
  suffixes: readonly string[],
  kinds: AttributeKinds,
): readonly { readonly message: string }[] {
  const others = { local: [], frontend: [], hasOurLogins: false };
  return suffixes
    .map((suffix) => {
      const holds = (base: string): boolean => suffixFor(base, suffixes) === suffix;
      return { suffix, rules: accessRules(target, { others, holds, kinds }, 'keep').rules };
    })
    .filter(({ rules }) => rules.length > 0)
    .flatMap(({ suffix, rules }) => [
      `# database with suffix "${formatDn(parseDn(suffix))}", above its other "access" and "limits" lines`,
      ...rules.map(({ text }) => escapedLine(`access ${text}`)),
      escapedLine(`limits ${limitsFor(target.dn)}`),
    ])
    .map((message) => ({ message }));
}

/** A backslash in slapd.conf(5) is an escape. */
function escapedLine(line: string): string {
  return line.replaceAll('\\', '\\\\');
}

function notWritable(
  config: Session,
  backend: Exclude<ConfigBackend, { kind: 'directory' }>,
  problems: readonly { readonly message: string }[],
): KeystoneLdapError {
  if (backend.kind === 'slapd.conf')
    return new KeystoneLdapError(
      'LDAP_REFUSED',
      `The server is configured by ${backend.file}, which LDAP cannot change; the service account needs these lines there.`,
      {
        problems,
        hint: `Add them to ${backend.file}, restart slapd, and run the command again with --no-service-access.`,
      },
    );
  return new KeystoneLdapError(
    'ACCESS_DENIED',
    `cn=config cannot be read at ${config.uri} with this identity; the service account needs these lines there.`,
    { problems, hint: ELSEWHERE },
  );
}

const ELSEWHERE =
  'Run this on the server as root with -H ldapi:///, or give --config-uri, --config-bind-dn and --config-password-file. ' +
  'Where the lines are in slapd.conf already, or as values of olcAccess and olcLimits, add --no-service-access.';
