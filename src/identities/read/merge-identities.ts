import type { Identities } from '../identities.ts';
import type { SqlPart } from '../sql/sql-part.ts';

/** Several sources as one, in their order; what stands in more than one is found by `identityProblems`. */
export function mergeIdentities(parts: readonly Identities[]): Identities {
  const sql = parts.flatMap((part) => part.sql ?? []);
  return {
    domains: parts.flatMap((part) => part.domains),
    tenants: parts.flatMap((part) => part.tenants),
    users: parts.flatMap((part) => part.users),
    roles: parts.flatMap((part) => part.roles),
    groups: parts.flatMap((part) => part.groups),
    grants: parts.flatMap((part) => part.grants),
    ...(sql.length === 0 ? {} : { sql: mergeSqlParts(sql) }),
    remarks: parts.flatMap((part) => part.remarks),
  };
}

/** Lists keep the order of the first part that has them. */
function mergeSqlParts(parts: readonly SqlPart[]): SqlPart {
  return {
    bootstrap: parts.flatMap((part) => part.bootstrap),
    services: parts.flatMap((part) => part.services),
    endpointTemplates: parts.flatMap((part) => part.endpointTemplates),
    serviceEndpoints: parts.flatMap((part) => part.serviceEndpoints),
    tokens: parts.flatMap((part) => part.tokens),
    endpoints: parts.flatMap((part) => part.endpoints),
    credentials: parts.flatMap((part) => part.credentials),
    ec2Credentials: parts.flatMap((part) => part.ec2Credentials),
    order: [...new Set(parts.flatMap((part) => part.order))],
  };
}
