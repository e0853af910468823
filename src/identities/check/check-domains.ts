import { clientOf } from '../../releases/client-kind.ts';
import type { Release } from '../../releases/release.ts';
import { DEFAULT_DOMAIN, type Identities } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { positionOf, type Sourced } from '../read/source.ts';

/**
 * Domains that neither LDAP nor the release's client can make, and users and groups of LDAP that are to be in one: but
 * for 2013.1, whose entries tell it, all of LDAP is in the domain that keystone.conf gives it.
 */
export function checkDomains(
  { domains, tenants, users, groups }: Identities,
  { name, layout }: Pick<Release, 'name' | 'layout'>,
): readonly NameFault[] {
  if (layout.domain !== undefined) return [];
  const isMade = layout.tenant === undefined && clientOf(name).kind === 'openstack';
  const hasDomains = layout.group !== undefined;
  const placed = { user: users, group: groups, ...(!isMade && { tenant: tenants }) };
  return [
    ...(isMade ? [] : domains)
      .filter((domain) => domain.name !== DEFAULT_DOMAIN)
      .map((domain) =>
        fault(domain, 'name', `domain "${domain.name}" cannot be made: ${hasDomains ? NO_DOMAINS : TOO_OLD}`),
      ),
    ...Object.entries(placed).flatMap(([kind, items]) =>
      items.flatMap((item) =>
        item.domain === undefined || item.domain === DEFAULT_DOMAIN
          ? []
          : fault(
              item,
              'domain',
              `${kind} "${item.name}" cannot be in domain "${item.domain}": ${hasDomains ? IN_ONE : TOO_OLD}`,
            ),
      ),
    ),
  ];
}

const TOO_OLD = 'this release has no domains';
const NO_DOMAINS =
  'in this release neither LDAP nor the command-line client can hold one; 2013.1 keeps them in LDAP, and liberty and later in SQL';
const IN_ONE =
  'in this release everything in LDAP belongs to one domain, which is set in keystone.conf ("configure --domain" sets it up)';

function fault(item: Sourced, property: string, message: string): NameFault {
  return { code: 'DOMAIN_NOT_HELD', severity: 'impossible', at: positionOf(item, property), message };
}
