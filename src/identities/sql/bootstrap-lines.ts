import type { ClientScriptOptions } from './script-content.ts';
import { shellCommand, shellWord } from '../../shell-word.ts';
import type { Bootstrap } from './sql-part.ts';

/**
 * Lines that run `keystone-manage bootstrap`, and let its administrator ask the client unless the environment names
 * somebody else. The password goes through the environment. Where the default domain is in LDAP, Keystone does not write
 * there: bootstrap works only with a user that is there, enabled, and with just this password.
 */
export function bootstrapLines(
  bootstraps: readonly Bootstrap[],
  { users = [], executable = 'keystone-manage', configFile }: ClientScriptOptions,
): readonly string[] {
  const start = [executable, ...(configFile === undefined ? [] : ['--config-file', configFile]), 'bootstrap'];
  const [first] = bootstraps;
  const lines = bootstraps.flatMap((bootstrap) => [
    passwordLine(users.find(({ name }) => name === bootstrap.user)?.password?.reveal(), bootstrap.user),
    'export OS_BOOTSTRAP_PASSWORD',
    shellCommand([...start, ...Object.entries(FLAGS).flatMap(([flag, key]) => given(flag, bootstrap[key]))]),
    ...(bootstrap === first ? asking(bootstrap) : []),
  ]);
  return first === undefined ? [] : [...lines, 'unset OS_BOOTSTRAP_PASSWORD', ''];
}

function passwordLine(password: string | undefined, user: string): string {
  return password === undefined
    ? `: "\${OS_BOOTSTRAP_PASSWORD:?must hold the password of ${user.replaceAll(/[^\w.@-]/g, '_')}}"`
    : `OS_BOOTSTRAP_PASSWORD=${shellWord(password)}`;
}

const FLAGS = {
  '--bootstrap-username': 'user',
  '--bootstrap-project-name': 'tenant',
  '--bootstrap-role-name': 'role',
  '--bootstrap-service-name': 'service',
  '--bootstrap-region-id': 'region',
  '--bootstrap-public-url': 'publicUrl',
  '--bootstrap-admin-url': 'adminUrl',
  '--bootstrap-internal-url': 'internalUrl',
} as const satisfies Readonly<Record<string, keyof Bootstrap>>;

function given(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${flag}=${value}`];
}

function asking({ user, tenant }: Bootstrap): readonly string[] {
  return [
    'if [ -z "${OS_CLOUD:-}${OS_TOKEN:-}${OS_USERNAME:-}" ]; then',
    `  export OS_USERNAME=${shellWord(user)} OS_PASSWORD="$OS_BOOTSTRAP_PASSWORD" OS_PROJECT_NAME=${shellWord(tenant)}`,
    '  export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default',
    '  export OS_AUTH_URL="${OS_AUTH_URL:-http://localhost:5000/v3}"',
    'fi',
  ];
}
