import { Readable } from 'node:stream';
import { dirname, relative, resolve } from 'node:path';
import { renderConfig, type NewConfig } from '../../config/render-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { namesIn, packageFile, readText } from '../../files.ts';
import { chooseRelease } from '../../releases/choose-release.ts';
import { saidOrAsked } from '../inputs/chosen-release.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import { findConf } from '../inputs/find-conf.ts';
import { installedKeystone } from '../inputs/installed-keystone.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import { printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';
import { ask } from '../inputs/resolve-connection.ts';
import type { ServiceAccountFlags } from '../flags/service-account-flags.ts';
import { writeOutput } from '../terminal/write-output.ts';

export interface ConfigInitFlags
  extends ReleaseFlags, TreeFlags, ConnectionFlags, ConfigConnectionFlags, ServiceAccountFlags, OutputFlags {
  readonly keystoneConf?: string;
  readonly file?: readonly string[];
  readonly sample?: string;
}

/** What `config init` does: write a file with what flags and answers say, and all else as comments. */
export async function runConfigInit(
  file: string = 'keystone-ldap.yaml',
  flags: ConfigInitFlags,
  io: Io,
): Promise<ExitCode> {
  const said = await askForRest(flags, io);
  const text = renderConfig(newConfig(said, file), packageFile('schema/keystone-ldap.schema.json'));
  // A file of identities may be written later.
  await loadConfig(file, text, {
    namesIn,
    readText: (path) => readText(path).catch(() => ''),
    readChunks: () => Readable.from([]),
  });
  await writeOutput(file, [text], {
    isNew: true,
    hint: 'Give another name: keystone-ldap config init FILE.',
    faults: { EEXIST: 'it exists, and is not written over' },
  });
  if (flags.json === true) printJson(io, { command: 'config init', file });
  else say(io, `Wrote ${file}. See what it would change: keystone-ldap plan ${file}`);
  if (said.bindDn !== undefined && said.passwordFile === undefined)
    remark(
      io,
      `No password is configured for ${said.bindDn}: set KEYSTONE_LDAP_PASSWORD, or add password_file.`,
    );
  return 0;
}

/** Asks for what a first file should say; an empty answer leaves it out. */
async function askForRest(flags: ConfigInitFlags, io: Io): Promise<ConfigInitFlags> {
  const said = new Map<string, unknown>(Object.entries(flags));
  const answered = async (flag: string, question: string, initial?: string): Promise<void> => {
    const answer = (await io.asker?.input(question, initial))?.trim();
    if (answer !== undefined && answer !== '') said.set(flag, flag === 'file' ? [answer] : answer);
  };
  if (flags.keystoneConf === undefined) await answered('keystoneConf', 'Which keystone.conf (empty: none)?');
  if (flags.release === undefined) said.set('release', await toldRelease(said.get('keystoneConf'), io));
  for (const { flag, question, initial, after, instead = [] } of QUESTIONS) {
    if ([flag, ...instead].some((one) => said.has(one)) || (after !== undefined && !said.has(after)))
      continue;
    await answered(flag, question, initial);
  }
  return Object.fromEntries(said) as unknown as ConfigInitFlags;
}

/** By keystone.conf or an installed Keystone, which a person may overrule; no server is looked at. @throws `USAGE` */
async function toldRelease(keystoneConf: unknown, io: Io): Promise<string> {
  const conf = await findConf(typeof keystoneConf === 'string' ? keystoneConf : undefined, io.env);
  const choice = chooseRelease({ conf, installed: await installedKeystone(io) });
  if (io.asker === undefined) return await saidOrAsked(choice, io);
  const name = await ask(io, 'Which Keystone release?', '--release NAME', choice.release);
  return requireRelease(name).name;
}

interface Question {
  readonly flag: keyof ConfigInitFlags;
  readonly question: string;
  readonly initial?: string;
  /** Asked only where this is known. */
  readonly after?: keyof ConfigInitFlags;
  /** Not asked where one of these is known. */
  readonly instead?: readonly (keyof ConfigInitFlags)[];
}

const QUESTIONS: readonly Question[] = [
  { flag: 'uri', question: 'Which server (LDAP URI)?', initial: 'ldapi:///' },
  { flag: 'bindDn', question: 'Bind as which DN (empty: as root by SASL EXTERNAL over ldapi)?' },
  {
    flag: 'passwordFile',
    question: 'Password file for this account (Enter: use $KEYSTONE_LDAP_PASSWORD)',
    after: 'bindDn',
  },
  { flag: 'suffix', question: 'Below which suffix (empty: the one that the server has)?' },
  { flag: 'serviceAccount', question: 'Which account shall Keystone bind as (empty: none of its own)?' },
  {
    flag: 'generateServicePassword',
    question: 'In which file shall its password be?',
    initial: 'keystone.pw',
    after: 'serviceAccount',
    instead: ['servicePasswordFile'],
  },
  { flag: 'file', question: 'Which file of identities (empty: none yet)?', instead: ['sample'] },
];

/** Paths were typed relative to the working directory, and are read relative to the file. */
function newConfig(flags: ConfigInitFlags, file: string): NewConfig {
  const path = (typed: string | undefined): string | undefined =>
    typed === undefined ? undefined : relative(dirname(resolve(file)), resolve(typed)) || typed;
  const { startTls } = flags;
  return given({
    release: flags.release,
    map: flags.map && Object.fromEntries(flags.map.map(splitOption)),
    ldapHolds: flags.ldapHolds,
    server: given({
      uri: flags.uri,
      startTls: startTls === undefined ? undefined : startTls > 1 ? 'require' : 'try',
      caFile: path(flags.caFile),
      bindDn: flags.bindDn,
      passwordFile: flags.bindDn === undefined ? undefined : path(flags.passwordFile),
      timeout: flags.timeout,
      wait: flags.wait,
      config: given({
        uri: flags.configUri,
        bindDn: flags.configBindDn,
        passwordFile: flags.configBindDn === undefined ? undefined : path(flags.configPasswordFile),
      }),
    }),
    trees: given({
      suffix: flags.suffix,
      user: flags.userTreeDn,
      group: flags.groupTreeDn,
      tenant: flags.tenantTreeDn ?? flags.projectTreeDn,
      role: flags.roleTreeDn,
      domain: flags.domainTreeDn,
    }),
    serviceAccount: given({
      dn: flags.serviceAccount,
      passwordFile: path(flags.servicePasswordFile),
      generatePasswordFile: path(flags.generateServicePassword),
      access: flags.serviceAccess ? undefined : false,
      accessConflicts: flags.accessConflicts,
    }),
    keystoneConf: given({ path: path(flags.keystoneConf) }),
    identities: given({ files: flags.file?.map(path), sample: flags.sample }),
  });
}

function splitOption(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  throw new KeystoneLdapError('USAGE', `--map: "${pair}" is not OPTION=VALUE.`);
}

function given(values: NewConfig): NewConfig {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
}
