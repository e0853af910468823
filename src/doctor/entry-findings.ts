import type { SessionOptions } from '../directory/session.ts';
import { parseConf } from '../keystone-conf/document/document.ts';
import { LOCAL_IDS } from '../keystone-conf/modern/shown-ids.ts';
import { observeSchema } from '../plan/schema/observe-schema.ts';
import { seriesOf } from '../releases/catalogue.ts';
import { kindsIn } from '../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../releases/release.ts';
import type { Backend } from './backend.ts';
import type { DirectoryContext } from './checks/check.ts';
import type { Finding, FindingCode } from './finding.ts';
import { passOverEntries } from './pass-over-entries.ts';
import { UserIndex } from './user-index.ts';

/** Runs the checks of entries. Users come first, since the checks of groups need all of them. */
export async function* entryFindings(
  context: DirectoryContext,
  onCount: (kind: EntryKind, count: number) => void = () => undefined,
): AsyncGenerator<Finding> {
  const users = new UserIndex();
  const { unsearchable, trees } = context.backend;
  if (unsearchable.has('user')) users.isComplete = false;
  const kinds = kindsIn(trees);
  for (const kind of ['user' as const, ...kinds.filter((one) => one !== 'user')])
    if (!unsearchable.has(kind))
      yield* passOverEntries({ ...context, kind, users }, (count) => onCount(kind, count));
}

/** Without users the entries cannot be checked; the cause is among the findings already. */
const WITHOUT_USERS: ReadonlySet<FindingCode> = new Set([
  ...(['SCHEMA_MISSING', 'TREE_MISSING', 'LIST_FAILS', 'LIST_CUT', 'TOO_FEW_USERS'] as const),
]);

/** What Keystone shows because of a single entry or setting, which an error names. */
const CONSEQUENCES: ReadonlySet<FindingCode> = new Set([
  'GROUPS_EMPTY',
  'MEMBERS_FAIL',
  'EVERYBODY_DISABLED',
]);

/**
 * What was reported of members of a declared group is not reported of all groups once more. Here the option is named at
 * which listing members fails, and not only a group.
 */
function isSaid({ code }: Finding, codes: ReadonlySet<FindingCode>): boolean {
  if (code === 'MEMBERS_FAIL') return false;
  return codes.has(code) || (code.startsWith('MEMBER_') && codes.has('MEMBER_UNKNOWN'));
}

/** The findings of a command, and the errors in entries that it did not find itself. */
export async function* withEntryErrors(
  findings: AsyncIterable<Finding>,
  { session, options, backend }: Pick<DirectoryContext, 'session' | 'options' | 'backend'>,
): AsyncGenerator<Finding> {
  // legacy-entries.ts checks those of 2011.
  if (backend.release.legacy !== undefined) {
    yield* findings;
    return;
  }
  const own: Finding[] = [];
  for await (const finding of findings) own.push(finding);
  const codes = new Set(own.map(({ code }) => code));
  const errors: Finding[] = [];
  if (own.every(({ code }) => !WITHOUT_USERS.has(code))) {
    const schema = await observeSchema(session);
    const context = { backend, session, options, schema, config: undefined, onRemark: () => undefined };
    for await (const finding of entryFindings(context))
      if (finding.severity === 'error' && !isSaid(finding, codes)) errors.push(finding);
  }
  yield* own.filter(({ code }) => errors.length === 0 || !CONSEQUENCES.has(code));
  yield* errors;
}

/** What a keystone.conf without further options would set up. */
export function assumedBackend(release: Release, trees: Trees, server: SessionOptions): Backend {
  const { conf } = release;
  return {
    ...{ domain: undefined, file: 'keystone.conf', doc: parseConf(Buffer.of(), 'keystone.conf') },
    ...{ release, trees, unsearchable: new Set<EntryKind>(), ids: LOCAL_IDS },
    releaseName: seriesOf(release),
    options: conf.kind === 'oslo' ? conf.options : {},
    server: {
      ...{ urls: [server.uri], credentials: server.credentials, startTls: false, setsTls: false },
      ...{ usesPool: false, checkCertificate: true, pageSize: 0 },
    },
  };
}
