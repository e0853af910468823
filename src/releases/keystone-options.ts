import { optionHistory, type OptionHistory } from './option-history.ts';

/** Options that have nothing to do with LDAP, and that Newton's `keystone-manage doctor` began to look at. */
export const KEYSTONE_OPTIONS: readonly OptionHistory[] = [
  optionHistory(['cache', 'enabled'], 'boolean', [['newton', false]]),
  optionHistory(['cache', 'backend'], 'string', [['newton', 'dogpile.cache.null']]),
  optionHistory(['cache', 'memcache_servers'], 'list', [['newton', ['localhost:11211']]]),
  // Later than Newton; what there was before they came matters to nobody who did not set them.
  ...['tls_enabled', 'memcache_sasl_enabled'].map((name) =>
    optionHistory(['cache', name], 'boolean', [['newton', false]]),
  ),
  optionHistory(['DEFAULT', 'debug'], 'boolean', [['newton', false]]),
  // 255 by default today; what it was before matters to nobody who did not set it.
  optionHistory(['DEFAULT', 'max_token_size'], 'integer', [['newton', 255]]),
  optionHistory(['database', 'connection'], 'string', [['newton', 'sqlite:///keystone.db']], {
    secret: true,
  }),
  optionHistory(['token', 'provider'], 'string', [
    ['newton', 'uuid'],
    ['ocata', 'fernet'],
  ]),
  optionHistory(['fernet_tokens', 'key_repository'], 'string', [['newton', '/etc/keystone/fernet-keys/']]),
  optionHistory(['credential', 'provider'], 'string', [['newton', 'fernet']]),
  optionHistory(['credential', 'key_repository'], 'string', [['newton', '/etc/keystone/credential-keys/']]),
  ...['certfile', 'keyfile'].map((name) => optionHistory(['saml', name], 'string', [['newton', undefined]])),
  optionHistory(['security_compliance', 'minimum_password_age'], 'integer', [['newton', 0]]),
  ...['password_expires_days', 'password_regex', 'password_regex_description'].map((name) =>
    optionHistory(['security_compliance', name], name === 'password_expires_days' ? 'integer' : 'string', [
      ['newton', undefined],
    ]),
  ),
];
