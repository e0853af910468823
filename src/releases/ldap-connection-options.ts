import { essexOption, ldapOption } from './ldap-option.ts';
import { optionHistory, type OptionHistory } from './option-history.ts';

const REMOVED_IN_OCATA = { deprecated: 'newton', removed: 'ocata' } as const;
const atLeast = (minimum: number) => ({ limits: { since: 'liberty', minimum } }) as const;
const oneOf = (...choices: string[]) => ({ limits: { since: 'liberty', choices } }) as const;

/** How Keystone connects and searches. */
const CONNECTION: readonly OptionHistory[] = [
  optionHistory(['ldap', 'url'], 'string', [
    ['2012.1', undefined],
    ['2012.2', 'ldap://localhost'],
  ]),
  ldapOption('randomize_urls', 'boolean', ['2023.2', false], {
    backports: { zed: '22.0.2', '2023.1': '23.0.2' },
  }),
  optionHistory(
    ['ldap', 'user'],
    'dn',
    [
      ['2012.1', undefined],
      ['2012.2', 'dc=Manager,dc=example,dc=com'],
      ['2013.1', undefined],
    ],
    { emptyIsNone: true },
  ),
  optionHistory(
    ['ldap', 'password'],
    'string',
    [
      ['2012.1', undefined],
      ['2012.2', 'freeipa4all'],
      ['2013.1', undefined],
    ],
    { emptyIsNone: true, secret: true },
  ),
  essexOption('suffix', 'dn', 'cn=example,cn=com', { effective: [['2012.1', 'dc=example,dc=com']] }),
  ldapOption('query_scope', 'string', ['2013.1', 'one'], oneOf('one', 'sub')),
  ldapOption('page_size', 'integer', ['2013.1', 0], atLeast(0)),
  ldapOption(
    'alias_dereferencing',
    'string',
    ['2013.1', 'default'],
    oneOf('never', 'searching', 'always', 'finding', 'default'),
  ),
  ldapOption('debug_level', 'integer', ['2014.2', undefined], atLeast(-1)),
  ldapOption('chase_referrals', 'boolean', ['2014.1', undefined]),
];

/** The placeholder was a constant, and always on, before it became an option that says no. */
const PLACEHOLDER: readonly OptionHistory[] = [
  essexOption('use_dumb_member', 'boolean', false, {
    effective: [
      ['2012.1', true],
      ['2012.2', true],
      ['2013.1', false],
    ],
    heeded: '2013.1',
    ...REMOVED_IN_OCATA,
  }),
  ldapOption('dumb_member', 'dn', ['2013.1', 'cn=dumb,dc=nonexistent'], {
    effective: [['2012.1', 'cn=dumb,dc=nonexistent']],
    ...REMOVED_IN_OCATA,
  }),
  ldapOption('allow_subtree_delete', 'boolean', ['2013.1', false], REMOVED_IN_OCATA),
];

const TLS: readonly OptionHistory[] = [
  ldapOption('tls_cacertfile', 'string', ['2013.2', undefined]),
  ldapOption('tls_cacertdir', 'string', ['2013.2', undefined]),
  ldapOption('use_tls', 'boolean', ['2013.2', false]),
  ldapOption('tls_req_cert', 'string', ['2013.2', 'demand'], oneOf('demand', 'never', 'allow')),
];

/** Before the option came there were no pools. */
const pooled = (name: string): OptionHistory =>
  optionHistory(
    ['ldap', name],
    'boolean',
    [
      ['2014.2', false],
      ['mitaka', true],
    ],
    { effective: [['2012.1', false]] },
  );

const POOLS: readonly OptionHistory[] = [
  ldapOption('connection_timeout', 'integer', ['ocata', -1], atLeast(-1)),
  pooled('use_pool'),
  ldapOption('pool_size', 'integer', ['2014.2', 10], atLeast(1)),
  ldapOption('pool_retry_max', 'integer', ['2014.2', 3], atLeast(1)),
  ldapOption('pool_retry_delay', 'float', ['2014.2', 0.1]),
  ldapOption('pool_connection_timeout', 'integer', ['2014.2', -1], atLeast(-1)),
  ldapOption('pool_connection_lifetime', 'integer', ['2014.2', 600], atLeast(1)),
  pooled('use_auth_pool'),
  ldapOption('auth_pool_size', 'integer', ['2014.2', 100], atLeast(1)),
  ldapOption('auth_pool_connection_lifetime', 'integer', ['2014.2', 60], atLeast(1)),
];

export const LDAP_CONNECTION_OPTIONS: readonly OptionHistory[] = [
  ...CONNECTION,
  ...PLACEHOLDER,
  ...TLS,
  ...POOLS,
];
