import { isSince, type ReleaseName } from './catalogue.ts';

/** A plugin of Keystone's own for one option. */
export interface Plugin {
  /** Its entry point from Liberty on. */
  readonly name: string;
  /** Its class, which is how it was written up to Kilo; the newest one last. */
  readonly paths: readonly ClassPath[];
  /** Of the entry point. */
  readonly since?: ReleaseName;
  /** The first release without it. */
  readonly until?: ReleaseName;
  /** What does the same since then. */
  readonly successor?: string;
}

/** A class, the release that brought it, and the first one without it. */
export type ClassPath = readonly [path: string, since: ReleaseName, until?: ReleaseName];

/** An option of keystone.conf that names a plugin, besides the drivers of what LDAP can hold. */
export interface PluginOption {
  readonly section: string;
  readonly option: string;
  readonly plugins: readonly Plugin[];
  /** The first release that has no such option. */
  readonly removed?: ReleaseName;
  /** What a site must do whose plugin is gone. */
  readonly loss?: string;
}

const SHORT_NAMES_SINCE: ReleaseName = 'liberty';
const CLASS_PATHS_UNTIL: ReleaseName = 'pike';

const sql = (...paths: readonly ClassPath[]): Plugin => ({ name: 'sql', paths });
const driver = (
  section: string,
  plugins: readonly Plugin[],
  more: Partial<PluginOption> = {},
): PluginOption => ({ section, option: 'driver', plugins, ...more });

/** The facts are the entry points of setup.cfg at each tag from 8.0.0 on, and the classes at each tag before. */
export const PLUGIN_OPTIONS: readonly PluginOption[] = [
  driver(
    'catalog',
    [
      sql(['keystone.catalog.backends.sql.Catalog', '2012.1']),
      {
        name: 'templated',
        paths: [
          ['keystone.catalog.backends.templated.TemplatedCatalog', '2012.1', '2015.1'],
          ['keystone.catalog.backends.templated.Catalog', '2014.1'],
        ],
        until: '2025.1',
      },
      { name: 'kvs', paths: [['keystone.catalog.backends.kvs.Catalog', '2012.1']], until: 'mitaka' },
      {
        name: 'endpoint_filter.sql',
        paths: [['keystone.contrib.endpoint_filter.backends.catalog_sql.EndpointFilterCatalog', '2013.2']],
        until: 'pike',
        successor: 'sql',
      },
    ],
    { loss: 'Create its services and endpoints with "openstack endpoint create".' },
  ),
  driver('policy', [
    sql(['keystone.policy.backends.sql.Policy', '2013.1']),
    { name: 'rules', paths: [['keystone.policy.backends.rules.Policy', '2012.1']] },
    {
      name: 'simple',
      paths: [['keystone.policy.backends.simple.SimpleMatch', '2012.1', '2012.2']],
      until: 'liberty',
    },
  ]),
  driver(
    'token',
    [
      sql(
        ['keystone.token.backends.sql.Token', '2012.1', '2015.1'],
        ['keystone.token.persistence.backends.sql.Token', '2014.2'],
      ),
      ...(['memcache', 'kvs'] as const).map((name): Plugin => ({
        name,
        paths: [
          [`keystone.token.backends.${name}.Token`, '2012.1', '2015.1'],
          [`keystone.token.persistence.backends.${name}.Token`, '2014.2'],
        ],
        until: name === 'kvs' ? 'pike' : 'ocata',
      })),
      {
        name: 'memcache_pool',
        paths: [['keystone.token.persistence.backends.memcache_pool.Token', '2014.2']],
        until: 'ocata',
      },
    ],
    { removed: 'rocky', loss: 'Tokens that it holds end with the upgrade.' },
  ),
  driver(
    'ec2',
    [
      sql(['keystone.contrib.ec2.backends.sql.Ec2', '2012.1', '2013.2']),
      { name: 'kvs', paths: [['keystone.contrib.ec2.backends.kvs.Ec2', '2012.1', '2013.2']] },
    ],
    { removed: '2015.1' },
  ),
  driver('stats', [{ name: 'kvs', paths: [['keystone.contrib.stats.backends.kvs.Stats', '2012.2']] }], {
    removed: '2015.1',
  }),
  driver('trust', [
    sql(['keystone.trust.backends.sql.Trust', '2013.1']),
    { name: 'kvs', paths: [['keystone.trust.backends.kvs.Trust', '2013.1', '2015.1']], until: 'liberty' },
  ]),
  driver('credential', [sql(['keystone.credential.backends.sql.Credential', '2013.2'])]),
  {
    section: 'credential',
    option: 'provider',
    plugins: [{ name: 'fernet', paths: [], since: 'newton' }],
  },
  driver('oauth1', [
    sql(
      ['keystone.contrib.oauth1.backends.sql.OAuth1', '2013.2', 'mitaka'],
      ['keystone.oauth1.backends.sql.OAuth1', 'mitaka'],
    ),
  ]),
  driver('federation', [
    sql(
      ['keystone.contrib.federation.backends.sql.Federation', '2014.1', 'mitaka'],
      ['keystone.federation.backends.sql.Federation', 'mitaka'],
    ),
  ]),
  driver('revoke', [
    sql(
      ['keystone.contrib.revoke.backends.sql.Revoke', '2014.1', 'mitaka'],
      ['keystone.revoke.backends.sql.Revoke', 'mitaka'],
    ),
    { name: 'kvs', paths: [['keystone.contrib.revoke.backends.kvs.Revoke', '2014.1']], until: 'mitaka' },
  ]),
  driver('endpoint_filter', [
    sql(
      ['keystone.contrib.endpoint_filter.backends.sql.EndpointFilter', '2013.2', 'mitaka'],
      ['keystone.catalog.backends.sql.Catalog', 'mitaka'],
    ),
  ]),
  driver('endpoint_policy', [
    sql(
      ['keystone.contrib.endpoint_policy.backends.sql.EndpointPolicy', '2014.2', 'liberty'],
      ['keystone.endpoint_policy.backends.sql.EndpointPolicy', 'liberty'],
    ),
  ]),
  driver('domain_config', [sql(['keystone.resource.config_backends.sql.DomainConfig', '2015.1'])]),
  driver('identity_mapping', [sql(['keystone.identity.mapping_backends.sql.Mapping', '2014.2'])]),
  {
    section: 'identity_mapping',
    option: 'generator',
    plugins: [{ name: 'sha256', paths: [['keystone.identity.id_generators.sha256.Generator', '2014.2']] }],
  },
  driver('shadow_users', [{ ...sql(['keystone.identity.shadow_backends.sql.ShadowUsers', 'mitaka']) }]),
  driver('unified_limit', [sql(['keystone.limit.backends.sql.UnifiedLimit', 'queens'])]),
  driver('application_credential', [
    sql(['keystone.application_credential.backends.sql.ApplicationCredential', 'queens']),
  ]),
  {
    section: 'token',
    option: 'provider',
    plugins: [
      {
        name: 'uuid',
        paths: [['keystone.token.providers.uuid.Provider', '2013.2']],
        until: 'rocky',
      },
      { name: 'pki', paths: [['keystone.token.providers.pki.Provider', '2013.2']], until: 'ocata' },
      { name: 'pkiz', paths: [['keystone.token.providers.pkiz.Provider', '2014.2']], until: 'ocata' },
      {
        name: 'fernet',
        paths: [['keystone.token.providers.fernet.Provider', '2015.1']],
      },
      { name: 'jws', paths: [], since: 'stein' },
    ],
    loss: 'Run "keystone-manage fernet_setup" before the newer release starts; old tokens end with the upgrade.',
  },
  {
    section: 'kvs',
    option: 'backends',
    plugins: [],
    removed: 'pike',
  },
];

/** `[auth] NAME`: how each method of `[auth] methods` is authenticated. */
const AUTH_PLUGINS: Readonly<Record<string, readonly Plugin[]>> = {
  external: [
    {
      name: 'DefaultDomain',
      paths: [
        ['keystone.auth.plugins.external.ExternalDefault', '2013.2', 'liberty'],
        ['keystone.auth.plugins.external.DefaultDomain', '2014.1'],
      ],
    },
    {
      name: 'Domain',
      paths: [
        ['keystone.auth.plugins.external.ExternalDomain', '2013.2', 'liberty'],
        ['keystone.auth.plugins.external.Domain', '2014.1'],
      ],
    },
    { name: 'default', paths: [] },
    ...['LegacyDefaultDomain', 'LegacyDomain'].map((name): Plugin => ({
      name,
      paths: [[`keystone.auth.plugins.external.${name}`, '2014.1', 'liberty']],
      until: 'liberty',
      successor: name.slice('Legacy'.length),
    })),
  ],
  password: [defaultPlugin(['keystone.auth.plugins.password.Password', '2013.1'])],
  token: [defaultPlugin(['keystone.auth.plugins.token.Token', '2013.1'])],
  oauth1: [defaultPlugin(['keystone.auth.plugins.oauth1.OAuth', '2013.2'])],
  kerberos: [defaultPlugin(['keystone.auth.plugins.external.KerberosDomain', '2014.2'])],
  saml2: [
    defaultPlugin(
      ['keystone.auth.plugins.saml2.Saml2', '2014.1', 'liberty'],
      ['keystone.auth.plugins.mapped.Mapped', '2014.2'],
    ),
  ],
  openid: [defaultPlugin(['keystone.auth.plugins.mapped.Mapped', '2014.2'])],
  x509: [defaultPlugin(['keystone.auth.plugins.mapped.Mapped', '2014.2'])],
  mapped: [{ ...defaultPlugin(['keystone.auth.plugins.mapped.Mapped', '2014.2']), since: 'newton' }],
  totp: [{ ...defaultPlugin(), since: 'mitaka' }],
  application_credential: [{ ...defaultPlugin(), since: 'queens' }],
};

function defaultPlugin(...paths: readonly ClassPath[]): Plugin {
  return { name: 'default', paths };
}

/** Keystone's own methods, and the option of `[auth]` for each. */
export const AUTH_METHODS: readonly PluginOption[] = Object.entries(AUTH_PLUGINS).map(
  ([option, plugins]) => ({ section: 'auth', option, plugins }),
);

/** The backends of `[cache]` that Keystone had of its own, and what dogpile and oslo.cache have for them. */
export const CACHE_BACKENDS: Readonly<Record<string, string>> = {
  'keystone.common.cache.noop': 'dogpile.cache.null',
  'keystone.cache.mongo': 'oslo_cache.mongo',
  'keystone.cache.memcache_pool': 'oslo_cache.memcache_pool',
};
/** oslo.cache came with Mitaka; the old names went with Train. */
export const CACHE_BACKENDS_SINCE: ReleaseName = 'mitaka';

/** The plugin that the text names, by its entry point or by any class that it ever had. */
export function findPlugin({ plugins }: PluginOption, written: string): Plugin | undefined {
  return plugins.find(({ name, paths }) => name === written || paths.some(([path]) => path === written));
}

/** The entry point of what the text names, whichever form it has; the text itself where it is not Keystone's own. */
export function pluginName(section: string, option: string, written: string): string {
  const found = PLUGIN_OPTIONS.find((one) => one.section === section && one.option === option);
  return (found && findPlugin(found, written)?.name) ?? written;
}

export type PluginForm =
  /** How the release is told to load it. */
  | { readonly write: string }
  /** It has it no more; `undefined` where not even its option is read. */
  | { readonly gone: ReleaseName | undefined }
  /** It does not have it yet. */
  | { readonly since: ReleaseName };

/** How a release names a plugin; a form that it loads stays where no short names are read yet. */
export function pluginIn(
  release: ReleaseName,
  option: PluginOption,
  plugin: Plugin,
  written: string,
): PluginForm {
  const { removed } = option;
  if (removed !== undefined && isSince(release, removed)) return { gone: removed };
  return isSince(release, SHORT_NAMES_SINCE)
    ? entryPoint(release, plugin)
    : classPath(release, plugin, written);
}

function entryPoint(release: ReleaseName, { name, since, until, successor }: Plugin): PluginForm {
  if (since !== undefined && !isSince(release, since)) return { since };
  if (until === undefined || !isSince(release, until)) return { write: name };
  return successor === undefined ? { gone: until } : { write: successor };
}

function classPath(release: ReleaseName, { paths, until }: Plugin, written: string): PluginForm {
  const loadable = paths.filter(
    ([, from, to]) => isSince(release, from) && !(to !== undefined && isSince(release, to)),
  );
  const write = loadable.find(([path]) => path === written)?.[0] ?? loadable.at(-1)?.[0];
  if (write !== undefined) return { write };
  const first = paths[0]?.[1] ?? SHORT_NAMES_SINCE;
  return isSince(release, first) ? { gone: paths.at(-1)?.[2] ?? until } : { since: first };
}

/** Whether a class path is still loaded. */
export function loadsClassPaths(release: ReleaseName): boolean {
  return !isSince(release, CLASS_PATHS_UNTIL);
}
