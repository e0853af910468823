import type { Session, SessionOptions } from '../directory/session.ts';
import { observeSchema } from '../plan/schema/observe-schema.ts';
import type { EntryKind } from '../releases/release.ts';
import { readBackends, type Backend } from './backend.ts';
import { DIRECTORY_CHECKS, FILES_CHECKS, SETTINGS_CHECKS } from './checks/all-checks.ts';
import type { DirectoryContext } from './checks/check.ts';
import { sharedConnections } from './checks/shared-connections.ts';
import { connectAsKeystone } from './connect-as-keystone.ts';
import { causesOnly } from './causes-only.ts';
import { countedSession } from './counted-session.ts';
import { brokenDomains, unreadableForAll } from './service-faults.ts';
import type { Finding } from './finding.ts';
import type { KeystoneFiles, KeystoneSource } from './keystone-files.ts';
import { entryFindings } from './entry-findings.ts';
import { verifyView } from './verify-view.ts';

export interface DoctorTarget {
  readonly files: KeystoneFiles;
  readonly source: KeystoneSource;
  /** Opens a session that may read cn=config, where there is somebody who may; the doctor closes it. */
  readonly openConfig?: (() => Promise<Session>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for an answer where keystone.conf sets none. */
  readonly timeoutMs?: number | undefined;
  /** Takes what cannot be looked at. */
  readonly onRemark?: (text: string) => void;
  readonly onExamined?: (examined: Examined) => void;
}

/** What was looked at of one driver. */
export interface Examined {
  readonly domain: string | undefined;
  readonly uri: string;
  /** Entries of the class, by kind. */
  readonly entries: Readonly<Record<string, number>>;
  /** Searches, reads and refused writes; the pages of one search are one. */
  readonly requests: number;
}

/** Reads the configuration as Keystone does, connects as it, and tells what does not work. It changes nothing. */
export async function* doctor(target: DoctorTarget): AsyncGenerator<Finding> {
  for (const check of FILES_CHECKS) yield* check(target.files);
  const { domain } = target.source;
  const ofAll = unreadableForAll(target.files);
  yield* ofAll;
  // Of the domains that are not asked about, what ends all.
  if (domain !== undefined) yield* brokenDomains(target.files, domain);
  // What ends everything is not said once more of what it ends for one domain.
  const readings = readBackends(target.files, target.source).map(({ findings, ...reading }) => ({
    ...reading,
    findings: findings.filter((one) => ofAll.every(({ subject }) => subject !== one.subject)),
  }));
  yield* sharedConnections(readings.flatMap(({ backend }) => backend ?? []));
  for (const { backend, findings } of readings)
    if (backend === undefined) yield* findings;
    else yield* causesOnly(wholeOf(backend, findings, target));
}

async function* wholeOf(
  backend: Backend,
  findings: readonly Finding[],
  target: DoctorTarget,
): AsyncGenerator<Finding> {
  yield* findings;
  yield* ofDomain(backend.domain, examine(backend, { ...target, isExplained: findings.some(isError) }));
}

async function* ofDomain(
  domain: string | undefined,
  findings: AsyncIterable<Finding>,
): AsyncGenerator<Finding> {
  for await (const finding of findings) yield domain === undefined ? finding : { ...finding, domain };
}

/** Whether an error was found already, of which it may come that Keystone shows nobody. */
interface ExaminedTarget extends DoctorTarget {
  readonly isExplained: boolean;
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

async function* examine(backend: Backend, target: ExaminedTarget): AsyncGenerator<Finding> {
  let isPossible = true;
  let { isExplained } = target;
  for (const check of SETTINGS_CHECKS)
    for await (const finding of check(backend)) {
      isPossible &&= finding.code !== 'TLS_SETTINGS' || !isError(finding);
      isExplained ||= isError(finding);
      yield finding;
    }
  if (!isPossible) return;
  const { session, options, findings } = await connectAsKeystone(backend.server, backend.file, target);
  // That StartTLS fails at a later ldaps:// has been said of the settings.
  const isSaid = ({ code, subject }: Finding): boolean => code === 'TLS_FAILS' && /^ldaps:/i.test(subject);
  yield* backend.server.startTls ? findings.filter((one) => !isSaid(one)) : findings;
  if (session === undefined || options === undefined) return;
  await using opened = session;
  await using config = await target.openConfig?.();
  yield* examineDirectory({ backend, session: opened, options, config }, { ...target, isExplained });
}

interface Opened extends Pick<DirectoryContext, 'backend' | 'session' | 'config'> {
  readonly options: SessionOptions;
}

async function* examineDirectory(
  { session, ...opened }: Opened,
  { onRemark = () => undefined, onExamined, ...target }: ExaminedTarget,
): AsyncGenerator<Finding> {
  let requests = 0;
  const counted = countedSession(session, () => (requests += 1));
  const schema = await observeSchema(counted);
  const context: DirectoryContext = { ...opened, session: counted, schema, onRemark };
  const entries: Record<string, number> = {};
  let { isExplained } = target;
  for await (const finding of checkDirectory(context, (kind, count) => (entries[kind] = count))) {
    isExplained ||= isError(finding);
    yield finding;
  }
  if (!isExplained) yield* asKeystoneLists(context);
  onExamined?.({ domain: context.backend.domain, uri: session.uri, entries, requests });
}

async function* checkDirectory(
  context: DirectoryContext,
  onCount: (kind: EntryKind, count: number) => void,
): AsyncGenerator<Finding> {
  for (const check of DIRECTORY_CHECKS) yield* check(context);
  yield* entryFindings(context, onCount);
}

/** Where nothing that was found explains it, whether Keystone shows anybody: the directory is asked as it would be. */
async function* asKeystoneLists({ backend, session }: DirectoryContext): AsyncGenerator<Finding> {
  const { release, trees } = backend;
  // Whether all groups seem empty was seen of all members, but where a rule of the server says who is one.
  const isCounted = release.layout.group?.nesting === undefined;
  for await (const finding of verifyView(session, {
    ...{ release, trees, minUsers: 1, isBrief: true },
    conf: backend,
  }))
    if (finding.code !== 'GROUPS_EMPTY' || !isCounted) yield finding;
}
