import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../sandbox/config-ldif.ts';
import { launchSlapd } from '../../sandbox/launch-slapd.ts';
import { runningSlapd, type RunningSlapd } from '../../sandbox/running-slapd.ts';
import { randomPassword, sshaPassword } from '../../directory/ssha-password.ts';
import {
  createDatabases,
  DEFAULT_SUFFIX,
  moduleFiles,
  STANDARD_SCHEMAS,
  suffixOf,
} from '../../sandbox/start-sandbox.ts';
import { withSandboxDir, type StartOptions } from '../../sandbox/with-sandbox-dir.ts';

export interface SlapdConfOptions extends StartOptions {
  /** `dc=example,dc=com` unless told. */
  readonly suffix?: string | undefined;
  /** Schema files to include after the standard ones. */
  readonly includes?: readonly string[] | undefined;
  /** Lines to put at the end, where they concern the database. */
  readonly lines?: readonly string[] | undefined;
}

/**
 * Starts an empty slapd from a slapd.conf(5): its schema cannot be changed while it runs, and nobody may
 * enter its cn=config.
 * @throws `SLAPD_MISSING`, `SLAPD_FAILED`, `CANCELLED`
 */
export async function startSlapdConf(options: SlapdConfOptions = {}): Promise<RunningSlapd> {
  const suffix = suffixOf(options.suffix ?? DEFAULT_SUFFIX);
  const password = randomPassword();
  return withSandboxDir(options, async (installation, dir) => {
    const { port, signal, includes = [], lines = [] } = options;
    const databases = await createDatabases(dir, [suffix]);
    const standard = STANDARD_SCHEMAS.map((name) => join(installation.schemaDir, `${name}.schema`));
    const path = join(dir, 'slapd.conf');
    const text = slapdConf({
      includes: [...standard, ...includes],
      modulePath: installation.modulePath,
      moduleFiles: await moduleFiles(installation, ['back_mdb']),
      databases,
      passwordHash: sshaPassword(password),
      lines,
    });
    await writeFile(path, text, { mode: 0o600 });
    const launched = await launchSlapd({ installation, dir, configArgs: ['-f', path], port, signal });
    return runningSlapd(launched, { suffix, bindDn: `cn=admin,${suffix}`, password }, signal);
  });
}

export interface SlapdConfParts {
  readonly includes: readonly string[];
  readonly modulePath: string | undefined;
  readonly moduleFiles: readonly string[];
  readonly databases: readonly Database[];
  readonly passwordHash: string;
  readonly lines: readonly string[];
}

/** The text of a slapd.conf(5). */
export function slapdConf(parts: SlapdConfParts): string {
  const { includes, modulePath, moduleFiles: modules, databases, passwordHash, lines } = parts;
  return [
    ...includes.map((file) => `include ${quoted(file)}`),
    ...(modulePath === undefined ? [] : [`modulepath ${quoted(modulePath)}`]),
    ...modules.map((file) => `moduleload ${file}`),
    ...databases.flatMap(({ suffix, directory }) => [
      'database mdb',
      `suffix ${quoted(suffix)}`,
      `rootdn ${quoted(`cn=admin,${suffix}`)}`,
      `rootpw ${passwordHash}`,
      `directory ${quoted(directory)}`,
      'dbnosync',
      'index objectClass eq',
      'access to attrs=userPassword by self write by anonymous auth by * none',
      'access to * by * read',
    ]),
    ...lines,
    '',
  ].join('\n');
}

/** In quotes, slapd.conf(5) takes a backslash for the escape of the next character. */
function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
