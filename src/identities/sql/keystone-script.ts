import type { KeystoneClient } from '../../releases/client-kind.ts';
import type { ScriptContent } from './script-content.ts';
import { shellCommand } from '../../shell-word.ts';
import type { SqlList } from './sql-part.ts';

/**
 * For `keystone` (API v2.0), which wants ids: functions of the script find them by name in the client's tables, whose
 * columns are not the same in all versions. `undefined` where there is nothing to do.
 */
export function keystoneScript(content: ScriptContent, { idOptions }: KeystoneClient): string | undefined {
  const { tenants, roles, grants, sql } = content;
  const rows: Partial<Record<SqlList, readonly string[]>> = {
    services: sql.services.map(({ name, type = name, description }) =>
      shellCommand([
        'ensure',
        'service',
        name,
        ...given('--type', type),
        ...given('--description', description),
      ]),
    ),
    serviceEndpoints: sql.serviceEndpoints.map(({ service, region, publicUrl, adminUrl, internalUrl }) =>
      shellCommand(['endpoint', service, region, publicUrl, adminUrl, internalUrl]),
    ),
    ec2Credentials: sql.ec2Credentials.map(({ user, tenant }) => shellCommand(['ec2_keys', user, tenant])),
  };
  const lines = [
    ...tenants.map(({ name, description, enabled }) => {
      const flags = enabled ? [] : ['--enabled', 'false'];
      return shellCommand(['ensure', 'tenant', name, ...given('--description', description), ...flags]);
    }),
    ...roles.map(({ name }) => shellCommand(['ensure', 'role', name])),
    ...grants.flatMap(({ role, user, tenant }) =>
      user === undefined || tenant === undefined ? [] : [shellCommand(['grant', role, user, tenant])],
    ),
    ...sql.order.flatMap((list) => rows[list] ?? []),
  ];
  if (lines.length === 0) return undefined;
  const options = Object.entries(idOptions).map(([kind, option]) => `${kind}_option=${option}`);
  return [HEAD, ...options, FUNCTIONS, ...lines, ''].join('\n');
}

function given(option: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [option, value];
}

const HEAD = `#!/bin/sh
# What Keystone keeps in SQL, for the "keystone" client. It takes from the environment who asks it: OS_SERVICE_TOKEN and
# OS_SERVICE_ENDPOINT (first called SERVICE_TOKEN and SERVICE_ENDPOINT), or OS_USERNAME and its like.
# What is there already stays. New EC2 keys are printed.
set -eu
`;

const FUNCTIONS = `
# In a table on standard input, of the row that has $2 in column $1: what is in column $3.
cell() {
  COLUMN=$1 VALUE=$2 WANTED=$3 awk -F '|' '
    function trim(text) { gsub(/^ +| +$/, "", text); return text }
    !/^\\|/ { next }
    !titles { titles = 1; for (i = 2; i < NF; i++) column[trim($i)] = i; next }
    !(ENVIRON["COLUMN"] in column) || !(ENVIRON["WANTED"] in column) { next }
    trim($(column[ENVIRON["COLUMN"]])) == ENVIRON["VALUE"] { print trim($(column[ENVIRON["WANTED"]])); exit }'
}

# The id of the $1 called $2; nothing where there is none.
find_id() {
  table=$(keystone "$1-list")
  printf '%s\\n' "$table" | cell name "$2" id
}

need_id() {
  id=$(find_id "$1" "$2")
  if [ -z "$id" ]; then
    echo "Keystone knows no $1 called $2." >&2
    exit 1
  fi
  printf '%s\\n' "$id"
}

# A $1 called $2, with the options that follow.
ensure() {
  kind=$1 name=$2
  shift 2
  id=$(find_id "$kind" "$name")
  if [ -z "$id" ]; then keystone "$kind-create" "--name=$name" "$@" >/dev/null; fi
}

# Role $1 for user $2 in tenant $3.
grant() {
  role=$(need_id role "$1")
  user=$(need_id user "$2")
  tenant=$(need_id tenant "$3")
  table=$(keystone user-role-list "$user_option=$user" "$tenant_option=$tenant")
  id=$(printf '%s\\n' "$table" | cell name "$1" id)
  if [ -z "$id" ]; then
    keystone user-role-add "$user_option=$user" "$role_option=$role" "$tenant_option=$tenant" >/dev/null
  fi
}

# Of service $1 in region $2: the public, the administrators' and the internal URL.
endpoint() {
  service=$(need_id service "$1")
  table=$(keystone endpoint-list)
  id=$(printf '%s\\n' "$table" | cell publicurl "$3" id)
  if [ -z "$id" ]; then
    keystone endpoint-create "$service_option=$service" "--region=$2" "--publicurl=$3" "--adminurl=$4" \\
      "--internalurl=$5" >/dev/null
  fi
}

# Of user $1 in tenant $2.
ec2_keys() {
  user=$(need_id user "$1")
  tenant=$(need_id tenant "$2")
  table=$(keystone ec2-credentials-list "$user_option=$user")
  key=$(printf '%s\\n' "$table" | cell tenant "$2" access)
  if [ -z "$key" ]; then keystone ec2-credentials-create "$user_option=$user" "$tenant_option=$tenant"; fi
}
`;
