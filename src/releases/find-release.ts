import { nearestWord } from '../did-you-mean.ts';
import { KeystoneLdapError } from '../errors.ts';
import { LEGACY_RELEASES } from './legacy.ts';
import { findInCatalogue } from './catalogue.ts';
import { MODERN_RELEASES, modernRelease } from './modern.ts';
import type { Release, Trees } from './release.ts';

/** All releases, oldest first. */
export const RELEASES: readonly Release[] = [...LEGACY_RELEASES, ...MODERN_RELEASES];

export const DEFAULT_RELEASE = '2011.3';

/**
 * A release by its name or an alias, in any case; a point release is its series with that version.
 * @throws `USAGE` with the nearest name
 */
export function findRelease(name: string): Release {
  const wanted = name.toLowerCase();
  const entry = findInCatalogue(wanted);
  const found =
    LEGACY_RELEASES.find((release) => release.name === wanted || release.aliases.includes(wanted)) ??
    (entry?.version === undefined
      ? RELEASES.find((release) => release.name === entry?.name)
      : modernRelease(entry));
  if (found !== undefined) return found;
  const names = RELEASES.flatMap((release) => [release.name, ...release.aliases]);
  const nearest = nearestWord(wanted, names);
  const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new KeystoneLdapError('USAGE', `"${name}" is not a release that keystone-ldap knows.${guess}`, {
    hint: `Releases: ${RELEASES.map((release) => release.name).join(', ')}.`,
  });
}

/** The trees of a release below a suffix, with those that were named in their place. */
export function treesBelow(
  release: Release,
  suffix: string,
  named: Partial<Release['trees']> = {},
): Release['trees'] {
  const below = (rdn: string): string => `${rdn},${suffix}`;
  const { user, ...others } = release.trees;
  const rest = Object.entries(others).flatMap(([kind, rdn]) =>
    rdn === undefined ? [] : [[kind, below(rdn)]],
  );
  return { user: below(user), ...(Object.fromEntries(rest) as Partial<Trees>), ...named };
}
