import type { Problem } from '../../errors.ts';
import { didYouMean } from '../../did-you-mean.ts';
import { DEFAULT_DOMAIN, type Grant, type Identities, type IdentityKind } from '../identities.ts';
import { holderOf } from '../entries/memberships.ts';
import { EMPTY_SQL_PART } from '../sql/sql-part.ts';
import { formatPosition, positionOf, problemAt, type Position, type Sourced } from '../read/source.ts';

/** What makes identities contradict themselves: things declared twice, and names of things that are not declared. */
export function identityProblems(
  identities: Identities,
  { usersElsewhere = false }: { readonly usersElsewhere?: boolean } = {},
): readonly Problem[] {
  const undeclared = danglingReferences(identities, usersElsewhere ? ['user'] : []);
  return [...duplicates(identities), ...undeclared];
}

/** What is declared twice. */
export function duplicates(identities: Identities): Problem[] {
  const { domains, tenants, users, roles, groups, grants, sql = EMPTY_SQL_PART } = identities;
  const named: Readonly<Record<string, readonly (Sourced & { readonly name: string })[]>> = {
    domain: domains,
    tenant: tenants,
    user: users,
    role: roles,
    group: groups,
    service: sql.services,
  };
  return [
    ...Object.entries(named).flatMap(([kind, items]) =>
      repeated(
        items,
        ({ name }) => name,
        ({ name }) => `${kind} "${name}"`,
      ),
    ),
    ...repeated(
      grants,
      ({ role, user, group, tenant }) => JSON.stringify([role, user, group, tenant]),
      describeGrant,
    ),
    // The token itself is a secret.
    ...repeated(
      sql.tokens,
      ({ token }) => token.reveal(),
      ({ user }) => `this token of user "${user}"`,
    ),
    ...repeated(
      sql.serviceEndpoints,
      ({ service, region }) => JSON.stringify([service, region]),
      ({ service, region }) => `the endpoint of service "${service}" in region "${region}"`,
    ),
    ...repeated(
      sql.ec2Credentials,
      ({ user, tenant }) => JSON.stringify([user, tenant]),
      ({ user, tenant }) => `the EC2 credential of user "${user}" in tenant "${tenant}"`,
    ),
  ];
}

function describeGrant(grant: Grant): string {
  const { role, tenant } = grant;
  const { kind, name } = holderOf(grant);
  const where = tenant === undefined ? '' : ` in tenant "${tenant}"`;
  return `the grant of role "${role}" to ${kind} "${name}"${where}`;
}

function repeated<T extends Sourced>(
  items: readonly T[],
  key: (item: T) => string,
  describe: (item: T) => string,
): Problem[] {
  const first = new Map<string, T>();
  const problems: Problem[] = [];
  for (const item of items) {
    const earlier = first.get(key(item));
    if (earlier === undefined) first.set(key(item), item);
    else {
      const why = domainOf(item) === domainOf(earlier) ? '' : TWO_DOMAINS;
      problems.push(problemAt(item.source, `${describe(item)} is declared twice${firstAt(earlier)}${why}`));
    }
  }
  return problems;
}

function domainOf(item: Sourced & { readonly domain?: string }): string {
  return item.domain ?? DEFAULT_DOMAIN;
}

/** Members and grants refer to a name alone, and so does Grizzly's driver when it looks for one. */
const TWO_DOMAINS = '; it cannot be distinguished from the entry of the same name in another domain';

function firstAt({ source }: Sourced): string {
  return source === undefined ? '' : `, first at ${formatPosition(source)}`;
}

type ReferenceKind = IdentityKind | 'service';

interface Reference {
  readonly kind: ReferenceKind;
  readonly name: string;
  readonly at: Position | undefined;
}

/** But for kinds that something else declares too. */
function danglingReferences(identities: Identities, elsewhere: readonly ReferenceKind[]): Problem[] {
  const declared: Readonly<Record<ReferenceKind, ReadonlySet<string>>> = {
    tenant: new Set(identities.tenants.map(({ name }) => name)),
    user: new Set(identities.users.map(({ name }) => name)),
    role: new Set(identities.roles.map(({ name }) => name)),
    group: new Set(identities.groups.map(({ name }) => name)),
    domain: new Set([DEFAULT_DOMAIN, ...identities.domains.map(({ name }) => name)]),
    service: new Set(identities.sql?.services.map(({ name }) => name)),
  };
  return references(identities)
    .filter(({ kind, name }) => !elsewhere.includes(kind) && !declared[kind].has(name))
    .map((reference) => undeclared(reference, declared[reference.kind]));
}

/** Tells of a name that is none of these. */
export function undeclared({ kind, name, at }: Reference, declared: Iterable<string>): Problem {
  return problemAt(at, `${kind} "${name}" is not declared${didYouMean(name, [...declared])}`);
}

function references({ tenants, users, groups, grants, sql = EMPTY_SQL_PART }: Identities): Reference[] {
  return [
    ...[...tenants, ...groups].flatMap((owner) =>
      (owner.members ?? []).map((name, index): Reference => {
        return { kind: 'user', name, at: positionOf(owner, `members[${index}]`) };
      }),
    ),
    ...[...tenants, ...groups].flatMap((item) => refersTo(item, ['domain'])),
    ...users.flatMap((user) => refersTo(user, ['tenant', 'domain'])),
    ...grants.flatMap((grant) => refersTo(grant, ['role', 'user', 'group', 'tenant'])),
    ...sql.bootstrap.flatMap((bootstrap) => refersTo(bootstrap, ['user', 'tenant', 'role'])),
    ...sql.serviceEndpoints.flatMap((endpoint) => refersTo(endpoint, ['service'])),
    ...sql.tokens.flatMap((token) => refersTo(token, ['user', 'tenant'])),
    ...sql.endpoints.flatMap((endpoint) => refersTo(endpoint, ['tenant'])),
    ...sql.credentials.flatMap((credential) => refersTo(credential, ['user', 'tenant'])),
    ...sql.ec2Credentials.flatMap((credential) => refersTo(credential, ['user', 'tenant'])),
  ];
}

/** The users that these identities name and do not declare, with where they do. */
export function usersNamedOnly(identities: Identities): ReadonlyMap<string, Position | undefined> {
  const declared = new Set(identities.users.map(({ name }) => name));
  const named = references(identities).filter(({ kind, name }) => kind === 'user' && !declared.has(name));
  return new Map(named.map(({ name, at }) => [name, at]));
}

/** The references of an item: its properties that are called as the kind they name. */
function refersTo<K extends ReferenceKind>(
  item: Sourced & { readonly [P in K]?: string | undefined },
  kinds: readonly K[],
): Reference[] {
  return kinds.flatMap((kind) => {
    const name = item[kind];
    return name === undefined ? [] : [{ kind, name, at: positionOf(item, kind) }];
  });
}
