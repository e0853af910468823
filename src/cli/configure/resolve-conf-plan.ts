import type { Session } from '../../directory/session.ts';
import { legacyServerOf, serverOf } from '../../doctor/backend.ts';
import { countEnabled, everybodyDisabled } from '../../doctor/count-enabled.ts';
import { problemOf, type Finding } from '../../doctor/finding.ts';
import { emulationOptions, observedEmulation, type PlannedEntries } from '../../doctor/observed-emulation.ts';
import { newlyReadDomains } from '../../doctor/newly-read-domains.ts';
import { releaseForFile } from '../../doctor/release-for-file.ts';
import { settleEmulation, type SettledEmulation } from '../../doctor/settle-emulation.ts';
import { verifyModernConf } from '../../doctor/verify-modern-conf.ts';
import { enabledSettings } from '../../doctor/checks/enabled-settings.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { ConfEdit } from '../../keystone-conf/document/conf-edit.ts';
import { DEFAULT_ORIGIN } from '../../keystone-conf/kept-setting.ts';
import { replacedSettings } from '../../keystone-conf/replaced-settings.ts';
import { confSign } from '../../keystone-conf/conf-sign.ts';
import { requireMeaning } from '../../keystone-conf/document/document.ts';
import { ownSettings, type OwnSettings } from '../../keystone-conf/own-settings.ts';
import { observeConf, observeLdapConf, planConf, type ConfSettings } from '../../plan/conf/plan-conf.ts';
import type { ConfNote, ConfPlan, ObservedConf } from '../../plan/conf/conf-plan.ts';
import { findInCatalogue, type CatalogueRelease } from '../../releases/catalogue.ts';
import { findRelease, treesBelow } from '../../releases/find-release.ts';
import { kindsIn } from '../../releases/layout-of.ts';
import { ENABLED_KINDS, type OsloConfStyle, type Release } from '../../releases/release.ts';
import { Secret } from '../../secret.ts';
import { refuseOtherConf } from '../inputs/chosen-release.ts';
import type { IsMeant } from '../flags/command-context.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import type { DryRunFlags, OutputFlags } from '../terminal/output.ts';
import {
  requireNamedTrees,
  resolveSuffix,
  type ReleaseFlags,
  type TreeFlags,
} from '../inputs/release-flags.ts';
import { resolveConfAccount, type ConfAccount, type DeclaredAccount } from './resolve-conf-account.ts';
import { resolveConfRelease } from '../inputs/resolve-conf-release.ts';
import { openAsKeystone } from '../inputs/open-as-keystone.ts';
import { ask, requireDn, resolveUri } from '../inputs/resolve-connection.ts';
import { resolveRelease } from '../inputs/resolve-release.ts';
import type { JournalFlags } from '../flags/journal-flags.ts';

export interface ConfigureFlags
  extends ConnectionFlags, ReleaseFlags, TreeFlags, OutputFlags, DryRunFlags, JournalFlags {
  readonly keystoneConf?: string;
  readonly domain?: string;
  readonly domainConfigDir?: string;
  readonly moveToken?: boolean;
  readonly allowOtherRelease?: boolean;
  readonly upgradeFrom?: string;
  readonly output?: string;
  readonly backup: boolean;
  readonly yes?: boolean;
  /** By a configuration file only: whose the account is, if the file names none for Keystone. */
  readonly accountOrigin?: string;
}

/** Where the values of a configuration come from. */
export interface ConfContext {
  readonly isMeant: IsMeant;
  /** The account, if a declaration describes it. */
  readonly account?: DeclaredAccount | undefined;
  /** A session that is open already, and what is planned for the directory. */
  readonly directory?: Session;
  readonly planned?: PlannedEntries;
}

/** The edit of keystone.conf, and what has to be known before it is made. */
export interface ResolvedConf extends ConfPlan {
  /** What keeps everybody out of a Keystone with the edited file, by a setting that nobody asked for now. */
  readonly findings: readonly Finding[];
  /** Edits that are asked about. */
  readonly replaced: readonly ConfEdit[];
}

/** The edit of keystone.conf that the flags describe: what they name is replaced, and what they do not name stays. */
export async function resolveConfPlan(
  flags: ConfigureFlags,
  io: Io,
  context: ConfContext,
): Promise<ResolvedConf> {
  requireOneFile(flags);
  const path = flags.keystoneConf ?? (await askForConf(io));
  const { before } = await observeConf(path);
  const { name } = await resolveConfRelease(flags.release, before, io);
  refuseOtherConf(findRelease(name), { file: path, kind: confSign(before).kind }, flags);
  const named = resolveRelease(flags, name);
  const main = await observeConf(path, named);
  requireMeaning(main.before); // before anybody is asked for a password
  const domain =
    flags.domain === undefined ? undefined : { name: flags.domain, configDir: flags.domainConfigDir };
  const ldap = await observeLdapConf(main, domain, named);
  requireMeaning(ldap.before);
  const own = ownSettings(ldap.before, named);
  const read = { doc: ldap.before, own, holding: flags.ldapHolds, isDomain: domain !== undefined };
  const release = releaseForFile(named, read);
  const url = own.url !== undefined && flags.uri === undefined ? undefined : await resolveUri(flags, io);
  const account = await resolveConfAccount(
    flags,
    { own, isMeant: context.isMeant, declared: context.account },
    io,
  );
  const job: Job = { main, ldap, own, release, flags, context, io };
  const plain = plainSettings(job, url, account, domain);
  return release.conf.kind === 'oslo'
    ? await modernPlan(job, plain, release.conf)
    : await legacyPlan(job, plain);
}

export async function askForConf(io: Io): Promise<string> {
  return await ask(io, 'Which keystone.conf?', '--keystone-conf PATH', '/etc/keystone/keystone.conf');
}

function requireOneFile({ domain, output, domainConfigDir }: ConfigureFlags): void {
  if (domain !== undefined && output !== undefined)
    throw new KeystoneLdapError('USAGE', '--domain edits two files, and -o names one.', {
      hint: 'Use --dry-run to see both edits, or copies of the files.',
    });
  if (domain === undefined && domainConfigDir !== undefined)
    throw new KeystoneLdapError('USAGE', '--domain-config-dir needs --domain.');
}

interface Job {
  readonly main: ObservedConf;
  /** The file whose `[ldap]` counts. */
  readonly ldap: ObservedConf;
  readonly own: OwnSettings;
  readonly release: Release;
  readonly flags: ConfigureFlags;
  readonly context: ConfContext;
  readonly io: Io;
}

/** All that is known without the server. */
function plainSettings(
  { own, release, flags, context: { isMeant }, io }: Job,
  url: string | undefined,
  account: ConfAccount,
  domain: ConfSettings['domain'],
): ConfSettings {
  const { startTls = 0, moveToken = false, caFile, suffix } = flags;
  if (suffix !== undefined) requireDn('--suffix', suffix);
  const unnamed = (flag: string, option: string, variable: string): ConfSettings['assumed'] =>
    isMeant(flag) ? {} : { [option]: variable };
  return {
    ...{ url, user: account.user, password: account.password, moveToken, caFile, suffix, domain },
    trees: requireNamedTrees(flags, release),
    ...(startTls > 0 && { startTls: true }),
    assumed: {
      ...account.assumed,
      // An answer to a question is meant, and is only asked for if the file has nothing.
      ...(own.url === undefined ? {} : unnamed('uri', 'url', 'KEYSTONE_LDAP_URI')),
      ...unnamed('caFile', 'tls_cacertfile', 'KEYSTONE_LDAP_CA_FILE'),
      ...unnamed(
        'suffix',
        'suffix',
        suffix === io.env['KEYSTONE_LDAP_SUFFIX'] ? 'KEYSTONE_LDAP_SUFFIX' : 'the server',
      ),
    },
  };
}

/** Seconds for a server that may be out of reach from here, as long as the work can do without it. */
const PATIENCE = 5;

async function modernPlan(job: Job, plain: ConfSettings, conf: OsloConfStyle): Promise<ResolvedConf> {
  const { main, release } = job;
  const entry = catalogued(release);
  const draft = await planConf(main, plain, { ...release, conf: withoutEmulation(conf) });
  const wantsSuffix = lacksSuffix(job, plain);
  const { directory } = job.context;
  const looked =
    directory === undefined
      ? await lookAsKeystone(draft, entry, { ...job, isNeeded: wantsSuffix })
      : { session: directory };
  try {
    return await planWithLook(job, plain, conf, { ...looked, wantsSuffix });
  } finally {
    if (directory === undefined) await looked.session?.[Symbol.asyncDispose]();
  }
}

async function planWithLook(
  job: Job,
  plain: ConfSettings,
  conf: OsloConfStyle,
  looked: Looked & { readonly wantsSuffix: boolean },
): Promise<ResolvedConf> {
  const { main, flags, io, release } = job;
  const { session, wantsSuffix } = looked;
  let settings = plain;
  if (wantsSuffix) {
    const suffix = await resolveSuffix(flags, io, session);
    settings = { ...plain, suffix, assumed: { ...plain.assumed, suffix: 'the server' } };
  }
  const open = await planConf(main, settings, { ...release, conf: withoutEmulation(conf) });
  const { left, notes } = await settled(job, open, conf, looked);
  const options = Object.fromEntries(Object.entries(conf.options).filter(([name]) => !left.includes(name)));
  const plan = await planConf(main, settings, { ...release, conf: { ...conf, options } });
  const newlyRead = await notesOfNewlyRead(plan, release);
  const found = session === undefined ? [] : await faultsOf(job, plan, session);
  const isMeant = flags.map?.some((pair) => /_enabled_|attribute_ignore/.test(pair)) === true;
  const asNotes = found.map(({ code, subject, message, remedy }): ConfNote => ({
    code,
    message: `${subject}: ${message}. ${remedy}`,
  }));
  return {
    ...plan,
    notes: [...plan.notes, ...newlyRead, ...notes, ...asNotes],
    findings: isMeant ? [] : found,
    replaced: plan.files.flatMap(({ edits }) => replacedSettings(edits, job.own.isUsed)),
  };
}

/**
 * What old files of other domains do once Keystone reads them because of the edit.
 * @throws `CONF_INVALID` if Keystone fails with them
 */
async function notesOfNewlyRead({ files }: ConfPlan, release: Release): Promise<readonly ConfNote[]> {
  const [domain, main] = files;
  if (domain === undefined || main === undefined) return [];
  const { paths, faults } = await newlyReadDomains(main, domain, release);
  if (faults.length > 0)
    throw new KeystoneLdapError(
      'CONF_INVALID',
      `With this edit of ${main.path} Keystone also reads other files of domains, and fails with them; nothing was written.`,
      {
        problems: faults.map(problemOf),
        hint: 'Correct these files or move them out of the folder, or name another folder with --domain-config-dir.',
      },
    );
  return paths.map((path) => ({
    code: 'DOMAIN_FILES_READ',
    message: `${path}: Keystone does not read this file yet, and reads it after this edit; its domain then gets the driver of this file`,
  }));
}

function withoutEmulation(conf: OsloConfStyle): OsloConfStyle {
  const open = emulationOptions(conf.usual).map(({ option }) => option);
  const options = Object.entries(conf.options).filter(([name]) => !open.includes(name));
  return { ...conf, options: Object.fromEntries(options) };
}

/** A Keystone at work needs none if the file names every tree. */
function lacksSuffix({ own, release }: Job, { suffix, trees }: ConfSettings): boolean {
  if (suffix !== undefined || own.suffix !== undefined) return false;
  return !own.isUsed || kindsIn(release.trees).some((kind) => (trees[kind] ?? own.trees[kind]) === undefined);
}

interface Looked {
  readonly session: Session | undefined;
  /** Why there is none. */
  readonly unseen?: string;
}

/** A session as Keystone will have one with the draft. @throws where one is needed and cannot be had */
async function lookAsKeystone(
  draft: ConfPlan,
  entry: CatalogueRelease,
  { flags, io, isNeeded }: Pick<Job, 'flags' | 'io'> & { readonly isNeeded: boolean },
): Promise<Looked> {
  const { conf } = verdictOn(draft, entry);
  if (conf === undefined) return { session: undefined, unseen: 'Keystone cannot read this file' };
  try {
    const patience = isNeeded ? LONGEST : PATIENCE;
    return { session: await openAsKeystone(serverOf(conf), flags, patience, io) };
  } catch (error) {
    if (isNeeded || !isAnswer(error)) throw error;
    return { session: undefined, unseen: error.message.replace(/\.$/, '') };
  }
}

const LONGEST = 30;

function isAnswer(error: unknown): error is KeystoneLdapError {
  return error instanceof KeystoneLdapError && error.code !== 'CANCELLED';
}

/** What a plan makes of the file whose `[ldap]` counts. */
function verdictOn({ files }: ConfPlan, entry: CatalogueRelease): ReturnType<typeof verifyModernConf> {
  const [file] = files;
  if (file === undefined) throw new Error('a plan has at least one file');
  return verifyModernConf(file.after, entry);
}

/** Which of the usual emulations are to be written. */
async function settled(
  { own, context, flags, io, release }: Job,
  plan: ConfPlan,
  conf: OsloConfStyle,
  { session, unseen }: Looked,
): Promise<SettledEmulation> {
  const options = emulationOptions(conf.usual).map(({ option }) => option);
  if (options.length === 0) return { left: [], notes: [] };
  const isAsked = io.asker !== undefined && flags.yes !== true && flags.dryRun !== true;
  const facts = { isUsed: own.isUsed, isAsked };
  const { conf: effective, trees } = verdictOn(plan, catalogued(release));
  if (session === undefined || effective === undefined || trees === undefined)
    return settleEmulation(options, [], { ...facts, unseen: unseen ?? 'no server is named' });
  const holding = release.layout.tenant === undefined ? 'identity' : 'all';
  const target = { entry: catalogued(release), options: effective.options, holding, trees } as const;
  try {
    return settleEmulation(
      options,
      await observedEmulation(session, target, options, context.planned),
      facts,
    );
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return settleEmulation(options, [], { ...facts, unseen: error.message.replace(/\.$/, '') });
  }
}

/** What keeps everybody out of a Keystone with the edited file. */
async function faultsOf(
  { release, context }: Job,
  plan: ConfPlan,
  session: Session,
): Promise<readonly Finding[]> {
  const { conf, trees, release: asRead } = verdictOn(plan, catalogued(release));
  const [file] = plan.files;
  if (conf === undefined || trees === undefined || file === undefined) return [];
  const found: Finding[] = [];
  for (const finding of enabledSettings({ file: file.path, options: conf.options }))
    if (finding.severity === 'error') found.push(finding);
  try {
    const target = { layout: asRead.layout, trees };
    for (const kind of ENABLED_KINDS) {
      if (asRead.layout[kind] === undefined) continue;
      const willBe = await context.planned?.isDeclared();
      const finding = everybodyDisabled(await countEnabled(session, kind, target, willBe), target);
      if (finding !== undefined) found.push(finding);
    }
  } catch (error) {
    // What the server does not let Keystone list is what "verify" is about.
    if (!isAnswer(error)) throw error;
  }
  return found;
}

function catalogued({ name }: Release): CatalogueRelease {
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(`${name} is not in the catalogue`);
  return entry;
}

/** The trees of 2011 have no suffix in the file: each is where the file or a flag says, else below that of the server. */
async function legacyPlan(job: Job, plain: ConfSettings): Promise<ResolvedConf> {
  const { main, own, release, flags, context } = job;
  const isOpen =
    !own.isUsed &&
    kindsIn(release.trees).some((kind) => (plain.trees[kind] ?? own.trees[kind]) === undefined);
  const suffix = plain.suffix ?? (isOpen ? await legacySuffix(job, plain) : undefined);
  const byDefault = suffix === undefined ? {} : treesBelow(release, suffix, plain.trees);
  const isGiven = flags.suffix !== undefined && context.isMeant('suffix');
  const origin = flags.suffix === undefined ? 'the server' : (plain.assumed?.['suffix'] ?? DEFAULT_ORIGIN);
  const assumed = kindsIn(release.trees).flatMap((kind) =>
    plain.trees[kind] !== undefined || (isGiven && own.trees[kind] === undefined)
      ? []
      : [[`${kind}_tree_dn`, origin] as const],
  );
  const trees = { ...byDefault, ...plain.trees };
  const settings = { ...plain, trees, assumed: { ...plain.assumed, ...Object.fromEntries(assumed) } };
  const plan = await planConf(main, settings, release);
  const replaced = plan.files.flatMap(({ edits }) => replacedSettings(edits, own.isUsed));
  return { ...plan, findings: [], replaced };
}

async function legacySuffix({ own, flags, io }: Job, { url, user, password }: ConfSettings): Promise<string> {
  const account = { user: own.user ?? user ?? '', password: own.password ?? password ?? new Secret('') };
  const server = legacyServerOf({ url: url ?? own.url ?? '', ...account });
  await using session = await openAsKeystone(server, flags, LONGEST, io);
  return await resolveSuffix(flags, io, session);
}
