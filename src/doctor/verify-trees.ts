import { dnKey, equalDn, isDn, isWithin, parentDn } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { optionValue } from '../keystone-conf/document/option-value.ts';
import { namingContexts } from '../plan/plan-trees.ts';
import type { ReleaseName } from '../releases/catalogue.ts';
import { treeOptionOf } from '../releases/default-trees.ts';
import type { EntryKind, Layout, Release, Trees } from '../releases/release.ts';
import { shellWord } from '../shell-word.ts';
import type { Finding } from './finding.ts';
import { likelyTree, type LikelyTree, type MissedTree } from './likely-tree.ts';
import { optionSubject } from './option-place.ts';

export interface TreeTarget {
  readonly release: Release;
  readonly trees: Trees;
}

/** What is known of the file that says where the trees are. */
export interface TreesSource {
  readonly doc: ConfDocument;
  readonly releaseName: ReleaseName | undefined;
  readonly server?: { readonly startTls: boolean; readonly caFile?: string | undefined };
}

export interface TreeChecks {
  readonly skip?: ReadonlySet<EntryKind> | undefined;
  readonly conf?: TreesSource | undefined;
  /** By which entries of a kind are known. */
  readonly layout?: Layout | undefined;
}

/** Whether the trees are there. */
export async function* missingTrees(
  directory: Session,
  trees: Trees,
  { skip = new Set(), conf, layout }: TreeChecks = {},
): AsyncGenerator<Finding> {
  const seen = new Set<string>();
  for (const kind of kindsIn(trees)) {
    const dn = treeOf(trees, kind);
    if (skip.has(kind) || seen.has(dnKey(dn))) continue;
    seen.add(dnKey(dn));
    if ((await directory.read(dn, ['1.1'])) === undefined)
      yield await missingTree(directory, { kind, dn, conf, trees, layout });
  }
}

interface MissingTree extends MissedTree {
  readonly conf: TreesSource | undefined;
}

async function missingTree(directory: Session, missing: MissingTree): Promise<Finding> {
  const { kind, dn, conf } = missing;
  const set = conf === undefined ? undefined : settingOf({ kind, dn }, conf);
  const contexts = await namingContexts(directory);
  const above = contexts.some((context) => isWithin(dn, context))
    ? await nearestAbove(directory, dn, contexts)
    : undefined;
  const isRightAbove = above !== undefined && equalDn(above, parentDn(dn));
  const likely = isRightAbove ? await likelyTree(directory, missing) : undefined;
  return {
    code: 'TREE_MISSING',
    severity: 'error',
    subject: `${kind} tree ${dn}`,
    message: `it ${whereNot(dn, above, contexts)}; Keystone finds no ${kind} at all${set === undefined ? '' : ` (${set.text})`}`,
    remedy:
      likely === undefined
        ? remedyFor(dn, { above, contexts, option: set?.option, init: initCommand(directory, conf) })
        : likelyRemedy(likely, set?.own ?? 'the option that names it'),
  };
}

/** The option that decides, and what the file says about it. */
function settingOf(
  { kind, dn }: Pick<MissingTree, 'kind' | 'dn'>,
  { doc, releaseName }: TreesSource,
): { readonly own: string; readonly option: string; readonly text: string } | undefined {
  if (releaseName === undefined || doc.problems.length > 0) return undefined;
  const own = treeOptionOf(releaseName, kind === 'tenant' ? 'project' : kind);
  if ((optionValue(doc, 'ldap', own) ?? '') !== '')
    return { own, option: own, text: optionSubject(doc, 'ldap', own) };
  const suffix = optionValue(doc, 'ldap', 'suffix');
  // Essex (2012.1) puts the suffix before the name of the tree.
  if (suffix !== undefined && isDn(suffix) && !isWithin(dn, suffix))
    return {
      own,
      option: own,
      text: `${own} is not set, and by default this release looks outside the suffix`,
    };
  const place =
    suffix !== undefined
      ? optionSubject(doc, 'ldap', 'suffix')
      : 'suffix is not set either, so that its default counts';
  return { own, option: 'suffix', text: `${own} is not set; ${place}` };
}

function whereNot(dn: string, above: string | undefined, contexts: readonly string[]): string {
  if (above !== undefined)
    return equalDn(above, parentDn(dn))
      ? `does not exist below ${above}, or this identity may not see it`
      : `does not exist, and the nearest entry above it is ${above}`;
  return contexts.some((context) => isWithin(dn, context)) || contexts.length === 0
    ? 'does not exist, or this identity may not see it'
    : `lies in no database of the server, which holds ${contexts.join(' and ')}`;
}

function remedyFor(
  dn: string,
  {
    above,
    contexts,
    option,
    init,
  }: {
    readonly above: string | undefined;
    readonly contexts: readonly string[];
    readonly option: string | undefined;
    readonly init: string;
  },
): string {
  const correct = option === undefined ? 'the option that names it' : option;
  // A database without any entry is blank: whoever set it up wants the trees made.
  const isBlank = above === undefined && contexts.some((context) => isWithin(dn, context));
  if (isBlank || (above !== undefined && equalDn(above, parentDn(dn))))
    return `Run "${init}" to create it (DN: an account that may write), or correct ${correct} if the entries are elsewhere.`;
  const [only] = contexts;
  if (option === 'suffix' && contexts.length === 1 && only !== undefined && !isWithin(dn, only))
    return `Set suffix = ${only}.`;
  return `Correct ${correct}: decide which entry of the server it is to name.`;
}

/** The account of keystone.conf usually may not write, so that another one is needed. */
function initCommand({ uri }: Session, conf: TreesSource | undefined): string {
  const { startTls = false, caFile } = conf?.server ?? {};
  const tls = `${startTls ? ' -ZZ' : ''}${caFile === undefined ? '' : ` --ca-file ${shellWord(caFile)}`}`;
  return `keystone-ldap init -H ${shellWord(uri)}${tls} -D DN -W`;
}

/** Somebody's directory gets no container because of a misprint. */
function likelyRemedy({ dn, by }: LikelyTree, option: string): string {
  return by === 'name'
    ? `Correct ${option} (did you mean ${dn}?): decide which entry of the server it is to name.`
    : `Decide whether ${option} is to name ${dn}, which holds entries of this class, or a tree of its own that is yet to be created.`;
}

/** The nearest entry above that exists, at most the naming context. */
async function nearestAbove(
  directory: Session,
  dn: string,
  contexts: readonly string[],
): Promise<string | undefined> {
  for (let at = dn; !contexts.some((context) => equalDn(context, at));) {
    at = parentDn(at);
    if ((await directory.read(at, ['1.1'])) !== undefined) return at;
  }
  return undefined;
}

export function isCut(error: unknown): error is KeystoneLdapError {
  return error instanceof KeystoneLdapError && error.code === 'SIZE_LIMIT';
}

const TIME_LIMIT_EXCEEDED = 3;

/** The server ended a search of everything: `count` came through. */
export function listCut(subject: string, count: number, { resultCode }: KeystoneLdapError): Finding {
  const isLate = resultCode === TIME_LIMIT_EXCEEDED;
  return {
    code: 'LIST_CUT',
    severity: 'error',
    subject,
    message: `the server ${isLate ? 'ends so long a search' : `gives this identity only ${count === 0 ? 'a part' : `${count}`} of them`}; listing them ends in HTTP 500`,
    remedy: isLate
      ? 'Decide with the administrators of the directory on a limit for this identity: olcLimits with time=unlimited; an index makes the search shorter.'
      : 'Decide with the administrators of the directory on a limit for this identity: olcLimits with size=unlimited. If the server sends all of them in pages, page_size in [ldap] helps too.',
  };
}
