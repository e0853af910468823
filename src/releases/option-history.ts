import { isSince, releaseIndex, type ReleaseName } from './catalogue.ts';
import { hasChange } from './code-change.ts';

export type OptionType = 'string' | 'dn' | 'boolean' | 'integer' | 'float' | 'list';

/** A value as Keystone's code gets it; `undefined` is an option that is not set. */
export type OptionValue = string | number | boolean | readonly string[] | undefined;

/** One option of keystone.conf through all releases. */
export interface OptionHistory {
  readonly section: string;
  readonly name: string;
  /** `dn` is a string to Keystone; two spellings of one DN are no difference. */
  readonly type: OptionType;
  /** The declared defaults, oldest first; the first one tells the release that added the option. */
  readonly defaults: readonly Since<OptionValue>[];
  /**
   * What the code does where that is not what the declared default says: before the option existed, or where an
   * unset one had a fallback in the code.
   */
  readonly effective: readonly Since<OptionValue>[];
  readonly deprecated?: ReleaseName;
  /** The release that took the deprecation back. */
  readonly undeprecated?: ReleaseName;
  /** The first release without it. */
  readonly removed?: ReleaseName;
  /** The old name works as an alias from `since` until `removed`. */
  readonly renamed?: { readonly since: ReleaseName; readonly to: string };
  readonly limits?: ValueLimits;
  /** The first release whose code does what the file says; older ones read it, and do what they do by default. */
  readonly heeded?: ReleaseName;
  /** An empty value is as good as none, also where the default is another. */
  readonly emptyIsNone: boolean;
  /** Point releases of older series that got it too, such as `22.0.2`. */
  readonly backports: Partial<Record<ReleaseName, string>>;
  readonly secret: boolean;
}

export type Since<T> = readonly [since: ReleaseName, value: T];

export interface ValueLimits {
  /** The release that began to refuse other values at start-up; older ones failed later. */
  readonly since: ReleaseName;
  readonly choices?: readonly string[];
  readonly minimum?: number;
}

/** What differs from an option that was there from the start of its history to the newest release. */
export type HistoryDetails = Partial<Omit<OptionHistory, 'section' | 'name' | 'type' | 'defaults'>>;

export function optionHistory(
  [section, name]: readonly [section: string, name: string],
  type: OptionType,
  defaults: readonly Since<OptionValue>[],
  details: HistoryDetails = {},
): OptionHistory {
  return {
    section,
    name,
    type,
    defaults,
    effective: [],
    backports: {},
    emptyIsNone: false,
    secret: false,
    ...details,
  };
}

/** The release that added the option. */
export function addedIn(history: OptionHistory): ReleaseName {
  const first = history.defaults[0];
  if (first === undefined) throw new Error(`${history.name} has no history`);
  return first[0];
}

/**
 * Whether the release registers the option under this name: an alias for a newer name does not count. Which point release
 * of a series began to is only known with the version.
 */
export function isRegistered(history: OptionHistory, release: ReleaseName, version?: string): boolean {
  const { removed, renamed, backports } = history;
  const isThere = hasChange({ since: addedIn(history), pointReleases: backports }, { release, version });
  return (
    isThere === true &&
    (removed === undefined || !isSince(release, removed)) &&
    (renamed === undefined || !isSince(release, renamed.since))
  );
}

export function isDeprecated({ deprecated, undeprecated }: OptionHistory, release: ReleaseName): boolean {
  const marked = deprecated !== undefined && isSince(release, deprecated);
  return marked && (undeprecated === undefined || !isSince(release, undeprecated));
}

/** Whether the release's code does what the file says. */
export function isHeeded({ heeded }: OptionHistory, release: ReleaseName): boolean {
  return heeded === undefined || isSince(release, heeded);
}

/** The default that the release declares: what its documentation promises, if not always what its code does. */
export function declaredDefault(history: OptionHistory, release: ReleaseName): OptionValue {
  return history.defaults.findLast(([since]) => isSince(release, since))?.[1];
}

/** The value that the release works with where keystone.conf does not set the option. */
export function effectiveDefault(history: OptionHistory, release: ReleaseName): OptionValue {
  const inEffect = ([since]: Since<OptionValue>) => isSince(release, since);
  const declared = history.defaults.findLast(inEffect);
  const actual = history.effective.findLast(inEffect);
  if (actual === undefined) return declared?.[1];
  const declaredLater = declared !== undefined && releaseIndex(declared[0]) > releaseIndex(actual[0]);
  return declaredLater ? declared[1] : actual[1];
}
