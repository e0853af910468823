import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDn, parseDn } from '../directory/dn.ts';
import { KeystoneLdapError } from '../errors.ts';
import { CONFIG_DN, configLdif, type Database, type SandboxTuning } from './config-ldif.ts';
import { launchSlapd } from './launch-slapd.ts';
import { ownExternalDn } from './own-identity.ts';
import { createPrivateCa } from './private-ca.ts';
import { runningSlapd, type RunningSlapd } from './running-slapd.ts';
import type { SandboxBackend } from './sandbox-backend.ts';
import { slapadd } from './slapadd.ts';
import { moduleFile, type SlapdInstallation } from './slapd-installation.ts';
import { randomPassword, sshaPassword } from '../directory/ssha-password.ts';
import type { SandboxTls } from './sandbox-tls.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { withSandboxDir, type StartOptions } from './with-sandbox-dir.ts';

export interface SandboxOptions extends StartOptions {
  /** The naming context, of which no entry exists yet; `dc=example,dc=com` unless told. */
  readonly suffix?: string | undefined;
  readonly tuning?: SandboxTuning | undefined;
  /** The server then also offers StartTLS and listens on ldaps://; `true` makes a private CA for it. */
  readonly tls?: SandboxTls | boolean | undefined;
}

/** A throw-away OpenLDAP server whose schema is standard and whose database is empty. */
export interface Sandbox extends RunningSlapd, SandboxBackend {
  readonly dir: string;
  readonly ldapiUri: string;
  readonly ldapsUri: string | undefined;
  /** The folder of `ldapsearch` and the like, where slapd is a private copy that has them. */
  readonly clientTools: string | undefined;
  snapshot(): Promise<() => Promise<void>>;
}

/** The schemas that every packaged slapd loads. */
export const STANDARD_SCHEMAS = ['core', 'cosine', 'nis', 'inetorgperson'] as const;

export const DEFAULT_SUFFIX = 'dc=example,dc=com';

/**
 * Starts a throw-away OpenLDAP server: `await using directory = await startSandbox()`.
 * The user of this process may do everything over `ldapiUri` with SASL EXTERNAL, in cn=config too.
 * @throws `SLAPD_MISSING`, `SLAPD_FAILED`, `CANCELLED`, `INPUT_INVALID` for a suffix that is no DN
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const suffix = suffixOf(options.suffix ?? DEFAULT_SUFFIX);
  const [password, configPassword] = [randomPassword(), randomPassword()];
  return withSandboxDir(options, async (installation, dir) => {
    const { port, signal } = options;
    const tls = options.tls === true ? await createPrivateCa(dir) : options.tls || undefined;
    const tuning = tunedFor(options.tuning, tls);
    const databases = await createDatabases(dir, [suffix, ...(tuning.moreSuffixes ?? [])]);
    const ldif = configLdif({
      schemaFiles: await schemaFiles(installation, tuning.modules ?? []),
      modulePath: installation.modulePath,
      moduleFiles: await moduleFiles(installation, ['back_mdb', ...(tuning.modules ?? [])]),
      manager: ownExternalDn(),
      configPasswordHash: sshaPassword(configPassword),
      passwordHash: sshaPassword(password),
      databases,
      tuning,
    });
    await slapadd(installation, { dir, file: 'config.ldif', ldif, database: ['-n', '0'], signal });
    const configArgs = ['-F', join(dir, 'slapd.d')];
    const launched = await launchSlapd({
      ...{ installation, dir, configArgs, port, signal },
      ldaps: tls !== undefined,
    });
    const identities = { suffix, bindDn: `cn=admin,${suffix}`, password };
    const server = runningSlapd(launched, identities, signal);
    return Object.assign(server, {
      configDn: CONFIG_DN,
      configPassword,
      caFile: tls?.ca,
      clientTools: installation.clientTools,
      snapshot: () => takeSnapshot(server),
    });
  });
}

function tunedFor(tuning: SandboxTuning = {}, tls: SandboxTls | undefined): SandboxTuning {
  if (tls === undefined) return tuning;
  const files = { olcTLSCertificateFile: [tls.certificate], olcTLSCertificateKeyFile: [tls.key] };
  return { ...tuning, global: { ...files, ...tuning.global } };
}

/** The folders of the configuration and of one database for each suffix. */
export async function createDatabases(
  dir: string,
  suffixes: readonly string[],
): Promise<readonly Database[]> {
  await mkdir(join(dir, 'slapd.d'));
  const databases = suffixes.map((suffix, index) => ({ suffix, directory: join(dir, `data${index + 1}`) }));
  await Promise.all(databases.map(({ directory }) => mkdir(directory)));
  return databases;
}

/** Before 2.5, an overlay such as ppolicy has its schema in a file of its name, not in itself. */
async function schemaFiles(
  { schemaDir }: SlapdInstallation,
  modules: readonly string[],
): Promise<readonly string[]> {
  const there = await readdir(schemaDir);
  const ofModules = modules.filter((name) => there.includes(`${name}.ldif`));
  return [...STANDARD_SCHEMAS, ...ofModules].map((name) => join(schemaDir, `${name}.ldif`));
}

/** The names as `olcModuleLoad` wants them; what is built in needs no file. */
export async function moduleFiles(
  installation: SlapdInstallation,
  names: readonly string[],
): Promise<readonly string[]> {
  const files = await Promise.all(names.map((name) => moduleFile(installation, name)));
  return files.filter((file) => file !== undefined);
}

/** @throws `INPUT_INVALID`; slapd would take an empty suffix for "all", and say little of a malformed one. */
export function suffixOf(text: string): string {
  const suffix = formatDn(parseDn(text));
  if (suffix !== '') return suffix;
  throw new KeystoneLdapError('INPUT_INVALID', 'The suffix is empty.', {
    hint: `Write a DN such as ${DEFAULT_SUFFIX}.`,
  });
}
