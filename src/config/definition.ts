import type { Position } from '../identities/read/source.ts';

/** What a key of the configuration file may hold. */
export interface LeafValues {
  readonly text: string;
  readonly uri: string;
  readonly dn: string;
  /** Relative to the file. */
  readonly path: string;
  /** Paths in which `*` and `?` stand for others. */
  readonly paths: readonly string[];
  /** The name of an environment variable. */
  readonly variable: string;
  readonly boolean: boolean;
  readonly seconds: number;
  readonly options: readonly MappedOption[];
}

/** An option of `[ldap]` with its value, and where it stands. */
export interface MappedOption {
  readonly name: string;
  readonly value: string;
  readonly at: Position;
}

export interface Leaf {
  readonly type: keyof LeafValues;
  readonly about: string;
  /** As it is written in YAML. */
  readonly example: string;
}

export interface Choice {
  readonly type: 'choice';
  readonly about: string;
  readonly choices: readonly [string, ...string[]];
}

export interface Section {
  readonly type: 'section';
  readonly about: string;
  readonly keys: Keys;
}

/** Properties by name; the key in the file is the same name in snake_case. */
export interface Keys {
  readonly [property: string]: Leaf | Choice | Section;
}

/** What was read of such keys: whatever stands in the file. */
export type Values<K extends Keys> = {
  readonly [P in keyof K]?: K[P] extends Section
    ? Values<K[P]['keys']>
    : K[P] extends Choice
      ? K[P]['choices'][number]
      : K[P] extends Leaf
        ? LeafValues[K[P]['type']]
        : never;
};

const leaf = <T extends keyof LeafValues>(type: T, example: string, about: string) =>
  ({ type, example, about }) as const;

const choice = <const C extends readonly [string, ...string[]]>(choices: C, about: string) =>
  ({ type: 'choice', choices, about }) as const;

const section = <const K extends Keys>(about: string, keys: K) => ({ type: 'section', about, keys }) as const;

const START_TLS = ['require', 'try'] as const;

/** The one definition of `keystone-ldap.yaml`: parser, JSON Schema, reference and `config init` are made from it. */
export const DEFINITION = {
  release: leaf('text', "'2026.2'", 'the Keystone release: a name, codename, number or tag'),
  map: leaf(
    'options',
    '{ user_id_attribute: uid }',
    'options of [ldap] by which entries are found, where they are not the defaults of the release (Essex and later)',
  ),
  ldapHolds: choice(['identity', 'all'], 'what LDAP holds, where the release gives a choice'),
  server: section('the directory server, and who writes to it', {
    uri: leaf('uri', 'ldapi:///', 'ldap://, ldaps://, ldapi:/// or ldapi://%2Fpath'),
    startTls: choice(START_TLS, 'StartTLS, and without it refuse to go on (require) or go on in clear (try)'),
    caFile: leaf('path', 'ca.pem', 'CA certificates to trust, PEM'),
    bindDn: leaf('dn', 'cn=admin,dc=example,dc=com', 'who to bind as; SASL EXTERNAL on ldapi:// without it'),
    passwordFile: leaf('path', 'admin.pw', 'a file with its password'),
    passwordEnv: leaf('variable', 'ADMIN_PASSWORD', 'the environment variable with its password'),
    timeout: leaf('seconds', '30', 'longest wait for one answer, in seconds'),
    wait: leaf('seconds', '10', 'how long to wait for a server that does not answer yet, in seconds'),
    config: section('how cn=config is reached, if not the same way', {
      uri: leaf('uri', 'ldapi:///', 'where cn=config is reached'),
      bindDn: leaf('dn', 'cn=admin,cn=config', 'who to bind as there; EXTERNAL on ldapi:// without it'),
      passwordFile: leaf('path', 'config.pw', 'a file with its password'),
      passwordEnv: leaf('variable', 'CONFIG_PASSWORD', 'the environment variable with its password'),
    }),
  }),
  trees: section('where the entries are', {
    suffix: leaf(
      'dn',
      'dc=example,dc=com',
      'what the default trees lie below; the naming context if only one',
    ),
    user: leaf('dn', 'ou=Users,dc=example,dc=com', 'the tree of users'),
    group: leaf('dn', 'ou=UserGroups,dc=example,dc=com', 'the tree of groups'),
    tenant: leaf('dn', 'ou=Groups,dc=example,dc=com', 'the tree of tenants, which are projects'),
    role: leaf('dn', 'ou=Roles,dc=example,dc=com', 'the tree of roles'),
    domain: leaf('dn', 'ou=Domains,dc=example,dc=com', 'the tree of domains, at 2013.1'),
  }),
  schema: section('the schema, where it is not the one of the release', {
    file: leaf('path', 'keystone.schema', 'load this .schema or .ldif instead'),
    replace: leaf('boolean', 'false', 'replace definitions that differ, where no entry would be broken'),
  }),
  serviceAccount: section('an account for Keystone that may read the trees and no more', {
    dn: leaf('dn', 'cn=keystone,dc=example,dc=com', 'its DN; created where it is missing'),
    passwordFile: leaf('path', 'keystone.pw', 'a file with its password'),
    passwordEnv: leaf('variable', 'KEYSTONE_PASSWORD', 'the environment variable with its password'),
    generatePasswordFile: leaf(
      'path',
      'keystone.pw',
      'draw the password and keep it in this file, unless it exists',
    ),
    resetPassword: leaf('boolean', 'false', 'replace another password that the account has'),
    access: leaf('boolean', 'true', 'see to olcAccess and olcLimits; false where they are kept by hand'),
    accessConflicts: choice(
      ['keep', 'override'],
      'what to do if a rule of the server refuses what is needed: leave it in force, or override it',
    ),
  }),
  keystoneConf: section('the keystone.conf that is to use the directory', {
    path: leaf('path', '/etc/keystone/keystone.conf', 'the file to edit'),
    uri: leaf('uri', 'ldap://ldap1.example.com', 'what Keystone calls the server, if not server.uri'),
    startTls: choice(START_TLS, 'StartTLS between Keystone and the server, if not server.start_tls'),
    caFile: leaf('path', '/etc/keystone/ca.pem', 'the CA that Keystone trusts, if not server.ca_file'),
    bindDn: leaf('dn', 'cn=keystone,dc=example,dc=com', 'who Keystone binds as, if not the service account'),
    passwordFile: leaf('path', 'keystone.pw', 'a file with its password'),
    passwordEnv: leaf('variable', 'KEYSTONE_PASSWORD', 'the environment variable with its password'),
    domain: leaf('text', 'CORP', 'give this domain a file of its own, and leave the default domain as it is'),
    domainConfigDir: leaf(
      'path',
      '/etc/keystone/domains',
      "where the domains' files are, if not where keystone.conf says",
    ),
    moveToken: leaf(
      'boolean',
      'false',
      'take Token out of SQL too, where another backend stores tokens (2011)',
    ),
    backup: leaf('boolean', 'true', 'keep a copy of the previous file beside it'),
  }),
  identities: section('who is in the directory', {
    files: leaf(
      'paths',
      "['identities/*.yaml']",
      'files of identities in YAML (.yaml, .yml), or of users in CSV (.csv) or LDIF (.ldif); * and ? stand for others',
    ),
    sample: choice(
      ['release', 'modern'],
      'sample data instead: of the release, or users and groups for test jobs',
    ),
    bindablePasswords: leaf(
      'boolean',
      'false',
      'store a second value {CRYPT}$6$… so that users can bind (2011.3 and later)',
    ),
    allowUnsafeNames: leaf(
      'boolean',
      'false',
      'write names that this Keystone cannot live with; they become warnings',
    ),
  }),
} as const satisfies Keys;

/** What one file says; nothing is filled in. */
export type Config = Values<typeof DEFINITION>;
