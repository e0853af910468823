import { KeystoneLdapError } from '../errors.ts';
import { detectLegacyRelease, type LegacyReleaseGuess } from '../keystone-conf/detect-legacy-release.ts';
import type { ConfDocument } from '../keystone-conf/document.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import type { Io } from './io.ts';
import { requireRelease } from './of-flag.ts';
import { remark } from './output.ts';

/**
 * The release that was named, else the one that keystone.conf tells, else the default. A contradiction is remarked on.
 * A file that Keystone cannot read tells nothing.
 * @throws `USAGE` for a file of a later Keystone, which only its release's name can tell apart from the next
 */
export function resolveConfRelease(name: string | undefined, doc: ConfDocument, io: Io): Release {
  const file = doc.file ?? 'keystone.conf';
  const named = name === undefined ? undefined : requireRelease(name);
  if (named?.conf.kind === 'oslo') return named;
  if (named === undefined && isOfLaterRelease(doc))
    throw new KeystoneLdapError('USAGE', `${file} is of Essex or later: which release is it?`, {
      hint: 'Name it with --release; "keystone-manage --version" or the package tells it.',
    });
  const guess = doc.problems.length > 0 ? undefined : detectLegacyRelease(doc);
  if (named === undefined) return guessed(guess, file, io);
  if (guess !== undefined && !guess.candidates.some((candidate) => candidate === named.name))
    remark(
      io,
      `warning: ${file} looks like ${guess.candidates.join(' or ')} (${because(guess)}), not ${named.name}.`,
    );
  return named;
}

/** Whether the file is of Essex or later. */
export function isOfLaterRelease(doc: ConfDocument): boolean {
  return doc.sections.some((section) => LATER_SECTIONS.has(section.name));
}

/** Sections that no file of 2011 has, also where everything in them is commented out. */
const LATER_SECTIONS = new Set(['identity', 'ldap', 'token', 'sql', 'database', 'assignment']);

function guessed(guess: LegacyReleaseGuess | undefined, file: string, io: Io): Release {
  const release = findRelease(guess?.candidates[0] ?? DEFAULT_RELEASE);
  remark(
    io,
    guess === undefined
      ? `${file} does not tell the release; taking ${release.name} (--release names another).`
      : `${file} is of ${guess.candidates.join(' or ')} (${because(guess)}); taking ${release.name}.`,
  );
  return release;
}

function because({ evidence }: LegacyReleaseGuess): string {
  const words = evidence.map(({ option, value }) =>
    value === undefined ? `no ${option}` : value.includes('\n') ? option : `${option} = ${value}`,
  );
  return words.join(', ');
}
