import type { OpenstackClient } from '../../releases/client-kind.ts';
import { bootstrapLines } from './bootstrap-lines.ts';
import type { ScriptContent } from './script-content.ts';
import { DEFAULT_DOMAIN, type Grant, type Tenant } from '../identities.ts';
import { shellCommand, shellWord } from '../../shell-word.ts';
import type { Bootstrap, SqlList, SqlPart } from './sql-part.ts';

/** For `openstack` (API v3), after `keystone-manage bootstrap` where that is wanted. `undefined` where nothing is to do. */
export function openstackScript(content: ScriptContent, client: OpenstackClient): string | undefined {
  const { sql, options } = content;
  const bootstrap = client.bootstrap ? sql.bootstrap : [];
  const lines = [...identityLines(content, bootstrap), ...sqlLines(content)];
  if (bootstrap.length === 0 && lines.length === 0) return undefined;
  const functions = USES.filter(({ list }) => sql[list].length > 0).map(({ text }) => text);
  return [
    HEAD,
    ...bootstrapLines(bootstrap, options),
    'export OS_IDENTITY_API_VERSION=3',
    `project_domain=${shellCommand([options.projectDomain ?? 'Default'])}`,
    `user_domain=${shellCommand([options.domain ?? 'Default'])}`,
    ...functions,
    '',
    ...lines,
    '',
  ].join('\n');
}

function identityLines(content: ScriptContent, bootstrap: readonly Bootstrap[]): readonly string[] {
  const made = (key: 'tenant' | 'role', name: string): boolean => bootstrap.some((one) => one[key] === name);
  return [
    ...content.domains.map((domain) => {
      const create = ['openstack', 'domain', 'create', '--or-show', ...describing(domain)];
      return `${shellCommand([...create, ...operand(domain.name)])} ${QUIET}`;
    }),
    ...content.tenants
      .filter(({ name, domain }) => domain !== undefined || !made('tenant', name))
      .map((tenant) => {
        const create = `openstack project create --or-show --domain ${domainWord(tenant)}`;
        return `${create} ${shellCommand([...describing(tenant), ...operand(tenant.name)])} ${QUIET}`;
      }),
    ...content.roles
      .filter(({ name }) => !made('role', name))
      .map(
        ({ name }) =>
          `${shellCommand(['openstack', 'role', 'create', '--or-show', ...operand(name)])} ${QUIET}`,
      ),
    ...content.grants.map((grant) => grantLine(grant, tenantOf(content, grant.tenant))),
  ];
}

function describing({ description, enabled }: Tenant): readonly string[] {
  return [...option('--description', description), ...(enabled ? [] : ['--disable'])];
}

function tenantOf({ tenants }: ScriptContent, name: string | undefined): Tenant | undefined {
  return tenants.find((tenant) => tenant.name === name);
}

/** The tenant's own domain, or that of all who have none. */
function domainWord(tenant: Tenant | undefined): string {
  const domain = tenant?.domain;
  return domain === undefined || domain === DEFAULT_DOMAIN ? '"$project_domain"' : shellWord(domain);
}

/** To add a grant that is there is no fault. One without a tenant is one in the domain, which is as wide as v3 has it. */
function grantLine({ role, user, group, tenant }: Grant, of: Tenant | undefined): string {
  const holder =
    group === undefined
      ? `${shellCommand(option('--user', user))} --user-domain "$user_domain"`
      : `${shellCommand(option('--group', group))} --group-domain "$user_domain"`;
  const where =
    tenant === undefined
      ? '--domain "$project_domain"'
      : `${shellCommand(option('--project', tenant))} --project-domain ${domainWord(of)}`;
  return `openstack role add ${holder} ${where} ${shellCommand(operand(role))}`;
}

function sqlLines(content: ScriptContent): readonly string[] {
  const rows: Partial<Record<SqlList, (sql: SqlPart) => readonly string[]>> = {
    services: ({ services }) =>
      services.map(({ name, type = name, description }) =>
        shellCommand(['service', name, ...option('--description', description), ...operand(type)]),
      ),
    serviceEndpoints: ({ serviceEndpoints }) =>
      serviceEndpoints.flatMap(({ service, region, publicUrl, adminUrl, internalUrl }) =>
        Object.entries({ public: publicUrl, admin: adminUrl, internal: internalUrl }).map(([side, url]) =>
          shellCommand(['endpoint', region, service, side, url]),
        ),
      ),
    ec2Credentials: ({ ec2Credentials }) =>
      ec2Credentials.map(({ user, tenant }) =>
        [shellCommand(['ec2_keys', user, tenant]), domainWord(tenantOf(content, tenant))].join(' '),
      ),
  };
  const { sql } = content;
  return sql.order.flatMap((list) => rows[list]?.(sql) ?? []);
}

/** argparse takes a word of its own that begins with a hyphen for the next option. */
function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

function operand(value: string): readonly string[] {
  return value.startsWith('-') ? ['--', value] : [value];
}

const QUIET = '>/dev/null';

const HEAD = `#!/bin/sh
# What Keystone keeps in SQL, for the "openstack" client. It takes from the environment who asks it: OS_CLOUD, or
# OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and their like, or OS_TOKEN and OS_URL.
# What is there already stays. New EC2 keys are printed.
set -eu
`;

/** Each list of rows with the function that it needs. */
const USES: readonly { readonly list: SqlList; readonly text: string }[] = [
  {
    list: 'services',
    text: `
services=$(openstack service list -f value -c Name)
# A service called $1, with the options and the type that follow.
service() {
  name=$1
  shift
  if ! printf '%s\\n' "$services" | grep -Fqx -e "$name"; then
    openstack service create "--name=$name" "$@" >/dev/null
  fi
}`,
  },
  {
    list: 'serviceEndpoints',
    text: `
endpoints=$(openstack endpoint list -f value -c Region -c 'Service Name' -c Interface)
# In region $1, for service $2, the public, admin or internal ($3) URL.
endpoint() {
  if ! printf '%s\\n' "$endpoints" | grep -Fqx -e "$1 $2 $3"; then
    openstack endpoint create "--region=$1" "$2" "$3" "$4" >/dev/null
  fi
}`,
  },
  {
    list: 'ec2Credentials',
    text: `
# Of user $1 in project $2 of domain $3.
ec2_keys() {
  project=$(openstack project show --domain "$3" -f value -c id "$2")
  keys=$(openstack ec2 credentials list "--user=$1" --user-domain "$user_domain" -f value -c 'Project ID')
  if ! printf '%s\\n' "$keys" | grep -Fqx -e "$project"; then
    openstack ec2 credentials create "--user=$1" --user-domain "$user_domain" \\
      "--project=$2" --project-domain "$3"
  fi
}`,
  },
];
