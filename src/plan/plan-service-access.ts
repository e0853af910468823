import { equalDn, formatDn, parseDn } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { equalRules, wordsOf } from './access-rule.ts';
import type { ModifyConfig } from './change.ts';
import { observeDatabases, suffixFor, type ObservedDatabase } from './observe-databases.ts';
import { observeConfig, type ConfigBackend } from './observe-schema.ts';
import { placeValues } from './place-values.ts';
import type { SchemaPorts } from './plan-schema.ts';
import { namingContexts } from './plan-trees.ts';
import {
  accessRules,
  isAnothersLimit,
  isOwnLimit,
  isOwnRule,
  limitsFor,
  passesOn,
  type PlacedRule,
  type ServiceAccess,
} from './service-access.ts';

/**
 * What lets the account read the trees, all entries of them, and be bound to: values of `olcAccess` and `olcLimits` on
 * each database that holds a part of it. Rules of ours for other trees go.
 * @throws `LDAP_REFUSED`, `ACCESS_DENIED` with the lines to add by hand where cn=config cannot be changed, `USAGE` for
 *   a rootdn, whom no rule binds
 */
export async function planServiceAccess(
  { directory, openConfig }: SchemaPorts,
  target: ServiceAccess,
): Promise<readonly ModifyConfig[]> {
  const rules = accessRules(target);
  await using config = await openConfig();
  const { backend } = await observeConfig(config);
  if (backend.kind !== 'directory')
    throw notWritable(config, backend, linesByHand(rules, await namingContexts(directory), target.dn));
  const { databases, frontendAccess } = await observeDatabases(config);
  refuseRootDn(databases, target.dn);
  const suffixes = databases.flatMap((database) => database.suffixes);
  const hidden = rules.find(({ base }) => suffixFor(base, suffixes) === undefined);
  if (hidden !== undefined)
    throw new KeystoneLdapError('ACCESS_DENIED', `The database of ${hidden.base} is not seen in cn=config.`, {
      problems: linesByHand(rules, await namingContexts(directory), target.dn),
      hint: ELSEWHERE,
    });
  return databases.flatMap((database) => {
    const own = rules.filter(({ base }) => database.suffixes.includes(suffixFor(base, suffixes) ?? ''));
    return changesOf(database, own, { target, frontendAccess });
  });
}

function changesOf(
  database: ObservedDatabase,
  rules: readonly PlacedRule[],
  { target, frontendAccess }: { readonly target: ServiceAccess; readonly frontendAccess: readonly string[] },
): readonly ModifyConfig[] {
  const { access, limits } = database;
  const equal = (a: string, b: string): boolean => equalRules(wordsOf(a), wordsOf(b));
  // Without any rule everybody may read everything, which the first rule ends for all.
  const isOpen = access.length === 0 && frontendAccess.length === 0;
  const edits = [
    ...placeValues({
      attribute: 'olcAccess',
      present: access,
      wanted: isOpen ? [] : rules.map(({ text }) => text),
      isOwn: (text) => isOwnRule(text, target.dn),
      passes: (text) => passesOn(text, target.dn),
      equal,
    }),
    ...placeValues({
      attribute: 'olcLimits',
      present: limits,
      wanted: rules.length === 0 ? [] : [limitsFor(target.dn)],
      isOwn: (text) => isOwnLimit(text, target.dn),
      passes: (text) => isAnothersLimit(text, target.dn),
      equal,
    }),
  ];
  const label = `access of the service account to ${database.suffixes.join(' and ')}`;
  return edits.length === 0 ? [] : [{ kind: 'modify-config', dn: database.dn, label, edits }];
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

/** In slapd.conf the same rules are lines of the section of each database. */
function linesByHand(
  rules: readonly PlacedRule[],
  suffixes: readonly string[],
  account: string,
): readonly { readonly message: string }[] {
  return suffixes
    .map((suffix) => ({ suffix, own: rules.filter(({ base }) => suffixFor(base, suffixes) === suffix) }))
    .filter(({ own }) => own.length > 0)
    .flatMap(({ suffix, own }) => [
      `# database with suffix "${formatDn(parseDn(suffix))}", above its other "access" and "limits" lines`,
      ...own.map(({ text }) => escapedLine(`access ${text}`)),
      escapedLine(`limits ${limitsFor(account)}`),
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
