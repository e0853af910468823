import type { ClientKind } from '../../releases/client-kind.ts';
import type { KeystoneManageStyle } from '../../releases/release.ts';
import type { Grant, Identities } from '../identities.ts';
import { isScoped } from './keystone-manage-commands.ts';
import { holderOf } from '../entries/memberships.ts';
import type { SqlList, SqlPart } from './sql-part.ts';

/** What a client cannot be told, in sentences, so that none of it is lost without a word. */
export function undoable(left: Identities, sql: SqlPart, client: ClientKind): readonly string[] {
  const lists = (Object.entries(REASONS[client.kind]) as [SqlList, string][])
    .filter(([list]) => sql[list].length > 0)
    .map(([, reason]) => reason);
  const hasBootstrap = client.kind !== 'openstack' || client.bootstrap;
  return [
    ...(client.kind === 'openstack'
      ? []
      : left.domains.map(
          ({ name }) => `domain ${name}: LDAP holds no domains here, and only API v3 makes them.`,
        )),
    ...left.groups.map(
      ({ name }) => `group ${name}: LDAP holds no groups here, and SQL none of users in LDAP.`,
    ),
    ...(client.kind === 'keystone' ? left.grants.flatMap(v2Fault) : []),
    ...lists,
    ...(client.kind === 'keystone-manage' ? unknownTo(client.style, sql) : []),
    ...(hasBootstrap || sql.bootstrap.length === 0 ? [] : [NO_BOOTSTRAP]),
  ];
}

/** What the `keystone-manage` of some of these releases has no words for. */
function unknownTo({ credentials, unscopedTokens }: KeystoneManageStyle, sql: SqlPart): readonly string[] {
  const unscoped = unscopedTokens ? 0 : sql.tokens.filter((token) => !isScoped(token)).length;
  return [
    ...(credentials || sql.credentials.length === 0
      ? []
      : ['credentials: this release has no command that adds them.']),
    ...(unscoped === 0 ? [] : [`tokens without a tenant (${unscoped}): this release fails at them.`]),
  ];
}

function v2Fault(grant: Grant): readonly string[] {
  const { kind, name } = holderOf(grant);
  const what = `role ${grant.role} for ${kind} ${name}`;
  if (kind === 'group') return [`${what}: API v2.0 has no groups, only v3 does.`];
  return grant.tenant === undefined ? [`${what}: API v2.0 has no roles outside tenants.`] : [];
}

const NO_BOOTSTRAP = 'bootstrap: this release has none; its admin_token does what needs no user.';
const EC2_KEYS =
  'credentials: only ec2_credentials, whose keys Keystone draws, can be kept from the arguments.';
const NO_TEMPLATES = 'endpoint_templates and endpoints: releases since Essex have service_endpoints.';
const NO_TOKENS = 'tokens: releases since Essex draw them themselves.';

const SINCE_ESSEX: Partial<Record<SqlList, string>> = {
  endpointTemplates: NO_TEMPLATES,
  tokens: NO_TOKENS,
  credentials: EC2_KEYS,
};

const REASONS: Readonly<Record<ClientKind['kind'], Partial<Record<SqlList, string>>>> = {
  'keystone-manage': {
    bootstrap: NO_BOOTSTRAP,
    ec2Credentials: 'ec2_credentials: this release draws no keys; write credentials with keys of your own.',
  },
  keystone: { ...SINCE_ESSEX, bootstrap: NO_BOOTSTRAP },
  openstack: SINCE_ESSEX,
};
