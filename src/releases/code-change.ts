import { isSince, type ReleaseName } from './catalogue.ts';

/** A Keystone, as exactly as it is known. */
export interface KeystoneCode {
  readonly release: ReleaseName;
  /** The point release, with the revision of a package where that is known: `22.0.2`, `22.0.2-0+deb12u6`. */
  readonly version?: string | undefined;
}

/** A change of Keystone's code, and the older series that got it too. */
export interface CodeChange {
  readonly since: ReleaseName;
  /** The first point release of an older series with it. */
  readonly pointReleases?: Readonly<Partial<Record<ReleaseName, string>>>;
  /** Series whose branch has it without a point release: who builds from the branch has it. */
  readonly branches?: readonly ReleaseName[];
  /** The first revision of Debian's package with it as a patch. */
  readonly debian?: Readonly<Partial<Record<ReleaseName, string>>>;
}

/**
 * Whether this Keystone has the change; `undefined` where that takes knowing more: the point release, or the package, which
 * alone tells what a distribution patched.
 */
export function hasChange(change: CodeChange, { release, version }: KeystoneCode): boolean | undefined {
  const { since, pointReleases, branches, debian } = change;
  if (isSince(release, since)) return true;
  const point = pointReleases?.[release];
  const revision = debian?.[release];
  const mayBePatched = revision !== undefined || branches?.includes(release) === true;
  if (version !== undefined && isFrom(version, point)) return true;
  if (!mayBePatched) return point === undefined || version !== undefined ? false : undefined;
  return version === undefined ? undefined : isPatched(version, revision);
}

/** Whether it is this point release or a later one. */
function isFrom(version: string, point: string | undefined): boolean {
  return point !== undefined && compareNumbers(version.split('-')[0] ?? '', point) >= 0;
}

/** Revisions for the same release of Debian can be compared, others have patches of their own. */
function isPatched(version: string, revision: string | undefined): boolean | undefined {
  if (revision?.replace(/\d+$/, '') !== version.replace(/\d+$/, '')) return undefined;
  return compareNumbers(version, revision) >= 0;
}

/** The same, where something has to be assumed: the newest point release, of a Keystone that nobody patched. */
export function hasUpstream(change: CodeChange, code: KeystoneCode): boolean {
  const isIn = hasChange(change, code);
  if (isIn !== undefined) return isIn;
  return code.version === undefined && change.pointReleases?.[code.release] !== undefined;
}

/** By the numbers in them, one after the other. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (const [at, number] of (right ?? []).entries()) {
    const difference = (left?.[at] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `enabled` is read as a boolean, and neither inverted nor given a default where it is ignored (98e3e6bd8, OSSA-2026-007). */
export const ENABLED_AS_BOOLEAN: CodeChange = {
  since: '2026.1',
  pointReleases: { '2024.2': '26.1.1', '2025.1': '27.0.1', '2025.2': '28.0.1' },
  branches: ['2023.1', '2024.1'],
  debian: { zed: '22.0.2-0+deb12u2', '2025.1': '27.0.0-3+deb13u3' },
};

/** A list of the users of a group passes over members that are no users. */
export const UNKNOWN_MEMBERS_PASSED_OVER: CodeChange = { since: '2013.1.2' };

/** The id behind a DN is read from the entry where the RDN is of another type than ids are. */
export const ID_READ_BY_DN: CodeChange = {
  since: 'train',
  pointReleases: { queens: '13.0.3', rocky: '14.2.0', stein: '15.0.1' },
};
