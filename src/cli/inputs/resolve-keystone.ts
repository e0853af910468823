import type { SessionOptions } from '../../directory/session.ts';
import { readBackends, type Backend } from '../../doctor/backend.ts';
import { readableByKeystone } from '../../doctor/checks/readable-by-keystone.ts';
import { unreadDomainFiles } from '../../doctor/checks/domain-files.ts';
import { problemOf, type Finding } from '../../doctor/finding.ts';
import { placedText } from '../../doctor/connection-findings.ts';
import { reachBackend } from '../../doctor/reach-backend.ts';
import { serviceFaults } from '../../doctor/service-faults.ts';
import {
  readKeystoneFiles,
  readMainConf,
  type KeystoneFiles,
  type KeystoneSource,
} from '../../doctor/keystone-files.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { isOfLaterRelease } from '../../keystone-conf/conf-sign.ts';
import { guessModernRelease } from '../../keystone-conf/modern/guess-modern-release.ts';
import { mergeConfs } from '../../keystone-conf/document/merge-confs.ts';
import { isLegacy } from '../../releases/choose-release.ts';
import { CATALOGUE } from '../../releases/catalogue.ts';
import type { EntryKind } from '../../releases/release.ts';
import { findRelease } from '../../releases/find-release.ts';
import { installedKeystone } from './installed-keystone.ts';
import type { Io } from '../terminal/io.ts';
import type { KeystoneFlags } from '../flags/keystone-flags.ts';
import { remark } from '../terminal/output.ts';
import { resolveConfRelease } from './resolve-conf-release.ts';

/** All files of the Keystone that the flags name, read as its release does. */
export async function resolveKeystone(
  flags: KeystoneFlags,
  io: Io,
): Promise<{ readonly files: KeystoneFiles; readonly source: KeystoneSource }> {
  const { keystoneConf: files, configDir: dirs, domain, domainConfigDir, domainId } = flags;
  const source: KeystoneSource = { files, dirs, domain, domainConfigDir, domainId };
  if (flags.release === undefined && isOfLaterRelease((await readMainConf(source)).doc))
    return { source, files: await guessRelease(source, io) };
  const { doc } = await readMainConf(source);
  return { source, files: await readKeystoneFiles(source, await resolveConfRelease(flags.release, doc, io)) };
}

/** Reading does no harm: a Keystone that is installed tells the release, else the newest that reads the options. */
async function guessRelease(source: KeystoneSource, io: Io): Promise<KeystoneFiles> {
  const installed = await installedKeystone(io);
  if (installed?.release !== undefined && !isLegacy(findRelease(installed.release))) {
    const { release, version, by } = installed;
    remark(
      io,
      `Assuming ${release}: Keystone ${version} is installed here (${by}); override with --release.`,
    );
    return await readKeystoneFiles(source, findRelease(release));
  }
  const newest = CATALOGUE.at(-1)?.name ?? '';
  const files = await readKeystoneFiles(source, findRelease(newest));
  const docs = [files.main, ...(files.domains?.files ?? []).map(({ doc }) => doc)] as const;
  const readable = docs.filter(({ problems }) => problems.length === 0);
  const [first, ...others] = readable;
  const name = first === undefined ? newest : guessModernRelease(mergeConfs([first, ...others]));
  remark(io, `Assuming ${name}, the newest release that reads these options (override with --release).`);
  return name === newest ? files : await readKeystoneFiles(source, findRelease(name));
}

/** @throws `CONF_INVALID` with all faults */
function throwIfAny(faults: readonly Finding[], what: string): void {
  if (faults.length === 0) return;
  throw new KeystoneLdapError('CONF_INVALID', what, {
    problems: faults.map(problemOf),
    hint: DOCTOR_HINT,
  });
}

const DOCTOR_HINT = '"keystone-ldap doctor" with the same flags says what to do.';

/** What a command that asks one driver works with. */
export interface OpenedBackend extends AsyncDisposable {
  readonly backend: Backend;
  readonly session: Session;
  /** How it was opened, as Keystone does. */
  readonly options: SessionOptions;
}

/**
 * The driver of the domain that is named, else that of the main file, connected with Keystone's account; `searched` are
 * the kinds that cannot be done without.
 * @throws `CONF_INVALID` where the files set none up, `CONNECT_FAILED` where no server works
 */
export async function openBackend(
  flags: KeystoneFlags,
  io: Io,
  searched: readonly EntryKind[] = [],
): Promise<OpenedBackend> {
  const { files, source } = await resolveKeystone(flags, io);
  for await (const { subject, message } of readableByKeystone(files))
    remark(io, `warning: ${subject}: ${message}`);
  throwIfAny(serviceFaults(files), 'Keystone answers HTTP 500 to every request, whatever the domain.');
  if (flags.domain !== undefined)
    throwIfAny(unreadDomainFiles(files), `Keystone does not read the file of the domain "${flags.domain}".`);
  const [reading] = readBackends(files, source);
  const { backend, findings = [] } = reading ?? {};
  if (backend === undefined)
    throw new KeystoneLdapError('CONF_INVALID', `${flags.keystoneConf[0]} sets up no LDAP driver.`, {
      problems: findings.map(problemOf),
      hint: '"keystone-ldap doctor" says more; for a domain with a file of its own add --domain NAME.',
    });
  if (searched.some((kind) => backend.unsearchable.has(kind)))
    throw new KeystoneLdapError('CONF_INVALID', `Keystone fails with ${flags.keystoneConf[0]}.`, {
      problems: findings.filter(({ code }) => code === 'CONF_UNREADABLE_VALUE').map(problemOf),
      hint: DOCTOR_HINT,
    });
  const limits = {
    signal: io.signal,
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
  };
  const { session, options, findings: unreachable } = await reachBackend(backend, limits);
  if (session === undefined || options === undefined)
    throw new KeystoneLdapError('CONNECT_FAILED', `Keystone cannot connect with ${backend.file}.`, {
      problems: [...findings.filter(({ severity }) => severity === 'error'), ...unreachable].map(
        (finding) => ({ message: placedText(finding, backend.doc) }),
      ),
      hint: DOCTOR_HINT,
    });
  return { backend, session, options, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
}
