import { KeystoneLdapError, type Problem } from '../../errors.ts';
import { DEFAULT_DOMAIN, type Domain, type Identities, type Role, type Tenant } from '../identities.ts';
import { positionOf, problemAt } from '../read/source.ts';

/** The id that every Keystone gives to its default domain. */
const DEFAULT_DOMAIN_ID = 'default';

/**
 * Ids of identities for which no entry has a place: what a client makes in SQL gets an id that Keystone draws.
 * @param left what a release keeps in SQL
 * @param domains all that were declared, the default one too
 */
export function unkeptIds(
  { tenants, roles, domains: inSql }: Pick<Identities, 'tenants' | 'roles' | 'domains'>,
  domains: readonly Domain[],
): readonly Problem[] {
  return [
    ...inSql.flatMap((domain) => drawnAnew('domain', domain)),
    ...domains
      .filter(({ name, id }) => name === DEFAULT_DOMAIN && id !== undefined && id !== DEFAULT_DOMAIN_ID)
      .map((domain) => otherId('domain', domain, DEFAULT_DOMAIN_ID)),
    ...tenants.flatMap((tenant) => drawnAnew('project', tenant)),
    ...roles.flatMap((role) => drawnAnew('role', role)),
  ];
}

function drawnAnew(kind: string, item: Domain | Tenant | Role): readonly Problem[] {
  const { name, id } = item;
  if (id === undefined) return [];
  return [
    problemAt(
      positionOf(item, 'id'),
      `${kind} ${name}: id ${id} cannot be kept, Keystone will give it a new one`,
    ),
  ];
}

/** An id that something else has already settled. */
export function otherId(
  kind: string,
  item: Pick<Tenant, 'name' | 'id' | 'source'>,
  settled: string,
): Problem {
  const { name, id = '' } = item;
  return problemAt(
    positionOf(item, 'id'),
    `${kind} ${name}: id ${id} cannot be kept, it has the id ${settled}`,
  );
}

/**
 * Lets through ids that become others where that is wanted, each with a warning.
 * @throws `IDS_NOT_KEPT` naming each
 */
export function requireKeptIds(problems: readonly Problem[], newIds: boolean): readonly string[] {
  if (newIds) return problems.map(({ message }) => `warning: ${message}`);
  if (problems.length === 0) return [];
  throw new KeystoneLdapError(
    'IDS_NOT_KEPT',
    'Ids of these identities cannot be kept, and what refers to them (instances, volumes, policies) would belong to nobody; nothing was written.',
    {
      problems,
      hint: 'docs/identities.md#ids has the ways to keep them. To go on with other ids: --new-ids; or leave the ids out of the file.',
    },
  );
}
