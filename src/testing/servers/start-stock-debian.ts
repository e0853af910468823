import { dirname, join } from 'node:path';
import { rdnOf } from '../../directory/dn.ts';
import { formatLdif } from '../../directory/format-ldif.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { readBytesIfPresent } from '../../files.ts';
import { launchSlapd } from '../../sandbox/launch-slapd.ts';
import { ownExternalDn } from '../../sandbox/own-identity.ts';
import { runningSlapd, type RunningSlapd } from '../../sandbox/running-slapd.ts';
import { slapadd } from '../../sandbox/slapadd.ts';
import type { SlapdInstallation } from '../../sandbox/slapd-installation.ts';
import { randomPassword, sshaPassword } from '../../directory/ssha-password.ts';
import { createDatabases, suffixOf } from '../../sandbox/start-sandbox.ts';
import { withSandboxDir, type StartOptions } from '../../sandbox/with-sandbox-dir.ts';

export interface StockDebianOptions extends StartOptions {
  /** Of a `dc=` suffix, as the package makes it; `dc=nodomain`, that of a machine without a domain, unless told. */
  readonly suffix?: string | undefined;
  readonly organization?: string | undefined;
}

/**
 * Starts slapd as Debian and Ubuntu leave it after installing: their configuration, the suffix entry, the rootdn's
 * password. What is ours is only the paths, and that this process stands where root stands in the ACLs:
 * cn=config for SASL EXTERNAL over ldapi, the data for the rootdn alone.
 * @throws `SLAPD_MISSING` also where slapd is not Debian's, `SLAPD_FAILED`, `CANCELLED`
 */
export async function startStockDebian(options: StockDebianOptions = {}): Promise<RunningSlapd> {
  const suffix = suffixOf(options.suffix ?? 'dc=nodomain');
  const password = randomPassword();
  return withSandboxDir(options, async (installation, dir) => {
    const { port, signal, organization = rdnOf(suffix).value } = options;
    const template = await configTemplate(installation);
    const directory = (await createDatabases(dir, [suffix])).at(0)?.directory ?? dir;
    const values = { suffix, passwordHash: sshaPassword(password), manager: ownExternalDn(), dir, directory };
    const config = { file: 'config.ldif', ldif: fillTemplate(template, installation, values) };
    const data = { file: 'data.ldif', ldif: suffixEntryLdif(suffix, organization) };
    await slapadd(installation, { dir, ...config, database: ['-n', '0'], signal });
    await slapadd(installation, { dir, ...data, database: ['-b', suffix], signal });
    const configArgs = ['-F', join(dir, 'slapd.d')];
    const launched = await launchSlapd({ installation, dir, configArgs, port, signal });
    return runningSlapd(launched, { suffix, bindDn: `cn=admin,${suffix}`, password }, signal);
  });
}

export interface TemplateValues {
  readonly suffix: string;
  readonly passwordHash: string;
  /** Takes root's place. */
  readonly manager: string;
  readonly dir: string;
  readonly directory: string;
}

/** Fills `slapd.init.ldif` as the package's postinst does, and moves its paths to where we may write. */
export function fillTemplate(
  template: string,
  { schemaDir, modulePath }: Pick<SlapdInstallation, 'schemaDir' | 'modulePath'>,
  { suffix, passwordHash, manager, dir, directory }: TemplateValues,
): string {
  const replacements: readonly (readonly [string, string])[] = [
    ['gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth', manager],
    ['/var/run/slapd', dir],
    ['/var/lib/ldap', directory],
    ['/etc/ldap/schema', schemaDir],
    ['/usr/lib/ldap', modulePath ?? '/usr/lib/ldap'],
    ['@SUFFIX@', suffix],
    ['@PASSWORD@', passwordHash],
  ];
  return replacements.reduce((text, [from, to]) => text.replaceAll(from, () => to), template);
}

/** The one entry that the postinst creates. */
function suffixEntryLdif(suffix: string, organization: string): string {
  const objectClass = ['top', 'dcObject', 'organization'];
  return formatLdif([
    { dn: suffix, attributes: { objectClass, o: [organization], dc: [rdnOf(suffix).value] } },
  ]);
}

async function configTemplate({ slapd }: SlapdInstallation): Promise<string> {
  const path = join(dirname(dirname(slapd)), 'share/slapd/slapd.init.ldif');
  const bytes = await readBytesIfPresent(path);
  if (bytes !== undefined) return bytes.toString('utf8');
  throw new KeystoneLdapError(
    'SLAPD_MISSING',
    `${slapd} is not from Debian's package: there is no ${path}.`,
    {
      hint: 'On Debian and Ubuntu, "keystone-ldap sandbox fetch" makes a copy that has it.',
    },
  );
}
