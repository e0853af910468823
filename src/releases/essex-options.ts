import { LDAP_OPTIONS } from './ldap-options.ts';
import { isRegistered } from './option-history.ts';

/** What Essex reads in each section besides `[DEFAULT]`, its point releases included. */
export const ESSEX_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    sql: ['connection', 'idle_timeout'],
    ldap: LDAP_OPTIONS.filter(
      (history) => isRegistered(history, '2012.1') || history.backports['2012.1'] !== undefined,
    ).map(({ name }) => name),
    identity: ['driver'],
    catalog: ['driver', 'template_file'],
    policy: ['driver'],
    token: ['driver', 'expiration'],
    memcache: ['servers'],
    ec2: ['driver'],
  }),
);

/** Numbers and switches: only in these, Essex replaces `%(name)s`. */
export const ESSEX_TYPED: ReadonlySet<string> = new Set([
  ...['debug', 'verbose', 'use_syslog', 'crypt_strength'].map((name) => `DEFAULT.${name}`),
  ...['sql.idle_timeout', 'token.expiration', 'ldap.use_dumb_member'],
]);

/** What `$name` may refer to in Essex: options of `[DEFAULT]`, here with their defaults. */
export const ESSEX_DEFAULTS: ReadonlyMap<string, string | undefined> = new Map(
  Object.entries({
    admin_token: 'ADMIN',
    bind_host: '0.0.0.0',
    compute_port: undefined,
    admin_port: undefined,
    public_port: undefined,
    crypt_strength: '40000',
    debug: 'False',
    verbose: 'False',
    use_syslog: 'False',
    log_config: undefined,
    log_file: undefined,
    log_dir: undefined,
  }),
);
