import type { Config } from '../../config/definition.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';
import type { ConfigureFlags } from '../configure/resolve-conf-plan.ts';
import type { InitFlags } from '../init/run-init.ts';
import type { RunSeedFlags } from '../seed/run-seed-flags.ts';
import type { VerifyFlags } from '../verify/verify-flags.ts';

/** A configuration file as the flags that say the same; what it does not say is left out. */
function releaseFlags({
  release,
  map,
  ldapHolds,
  keystoneConf,
  trees = {},
}: Config): ReleaseFlags & TreeFlags {
  return given({
    release,
    declaredConf: keystoneConf?.path,
    map: map?.map(({ name, value }) => `${name}=${value}`),
    ldapHolds,
    suffix: trees.suffix,
    userTreeDn: trees.user,
    groupTreeDn: trees.group,
    tenantTreeDn: trees.tenant,
    roleTreeDn: trees.role,
    domainTreeDn: trees.domain,
  });
}

function serverFlags({ server = {} }: Config): ConnectionFlags & ConfigConnectionFlags {
  const { startTls, config = {}, ...rest } = server;
  return given({
    ...rest,
    startTls: startTlsCount(startTls),
    configUri: config.uri,
    configBindDn: config.bindDn,
    configPasswordFile: config.passwordFile,
    configPasswordEnv: config.passwordEnv,
  });
}

export function initFlags({ config }: LoadedConfig): Partial<InitFlags> {
  const { schema = {}, serviceAccount = {} } = config;
  return given({
    ...releaseFlags(config),
    ...serverFlags(config),
    schemaFile: schema.file,
    replaceSchema: schema.replace,
    serviceAccount: serviceAccount.dn,
    servicePasswordFile: serviceAccount.passwordFile,
    servicePasswordEnv: serviceAccount.passwordEnv,
    generateServicePassword: serviceAccount.generatePasswordFile,
    serviceAccess: serviceAccount.access,
    accessConflicts: serviceAccount.accessConflicts,
    resetPasswords: serviceAccount.resetPassword,
  });
}

export function seedFlags(loaded: LoadedConfig): Partial<RunSeedFlags> {
  const { config, identities: parsed, files, users } = loaded;
  const { bindablePasswords, allowUnsafeNames, sample } = config.identities ?? {};
  return given({
    ...releaseFlags(config),
    ...serverFlags(config),
    declared: { files, sample, parsed, users },
    bindablePasswords,
    allowUnsafeNames,
  });
}

/** To configure is to tell Keystone as whom it is to bind: the service account, where the file has one. */
export function configureFlags({ config }: LoadedConfig): Partial<ConfigureFlags> {
  const { server = {}, serviceAccount: account = {}, keystoneConf: conf = {} } = config;
  const bind =
    conf.bindDn !== undefined
      ? conf
      : account.dn !== undefined
        ? {
            bindDn: account.dn,
            passwordFile: account.passwordFile ?? account.generatePasswordFile,
            passwordEnv: account.passwordEnv,
          }
        : { ...server, accountOrigin: 'server.bind_dn' };
  return given({
    ...releaseFlags(config),
    keystoneConf: conf.path,
    uri: conf.uri ?? server.uri,
    startTls: startTlsCount(conf.startTls ?? server.startTls),
    caFile: conf.caFile ?? server.caFile,
    bindDn: bind.bindDn,
    passwordFile: bind.passwordFile,
    passwordEnv: bind.passwordEnv,
    accountOrigin: 'accountOrigin' in bind ? bind.accountOrigin : undefined,
    domain: conf.domain,
    domainConfigDir: conf.domainConfigDir,
    moveToken: conf.moveToken,
    backup: conf.backup,
    timeout: server.timeout,
    wait: server.wait,
  });
}

/** As Keystone itself sees it, where the file has a keystone.conf. */
export function verifyFlags(loaded: LoadedConfig): Partial<VerifyFlags> {
  const { config, identities } = loaded;
  const { path, domain, domainConfigDir } = config.keystoneConf ?? {};
  const server = serverFlags(config);
  const { timeout, wait } = server;
  const isNone = identities === undefined && config.identities?.sample === undefined;
  return given({
    ...releaseFlags(config),
    ...(path === undefined
      ? server
      : { keystoneConf: [path] as const, domain, domainConfigDir, timeout, wait }),
    ...(isNone ? { sample: false } : { declared: seedFlags(loaded).declared }),
  });
}

function startTlsCount(startTls: 'require' | 'try' | undefined): number | undefined {
  return startTls === undefined ? undefined : startTls === 'require' ? 2 : 1;
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
