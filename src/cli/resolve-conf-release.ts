import { detectLegacyRelease } from '../keystone-conf/detect-legacy-release.ts';
import type { ConfDocument } from '../keystone-conf/document.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import type { Io } from './io.ts';
import { remark } from './output.ts';

/**
 * The release that was named, else the one that keystone.conf tells, else the default. A contradiction is remarked on.
 * A file that Keystone cannot read tells nothing.
 */
export function resolveConfRelease(name: string | undefined, doc: ConfDocument, io: Io): Release {
  const guess = doc.problems.length > 0 ? undefined : detectLegacyRelease(doc);
  const because = (guess?.evidence ?? []).map(({ option, value }) =>
    value === undefined ? `no ${option}` : value.includes('\n') ? option : `${option} = ${value}`,
  );
  const file = doc.file ?? 'keystone.conf';
  if (name === undefined) {
    const release = findRelease(guess?.candidates[0] ?? DEFAULT_RELEASE);
    remark(
      io,
      guess === undefined
        ? `${file} does not tell the release; taking ${release.name} (--release names another).`
        : `${file} is of ${guess.candidates.join(' or ')} (${because.join(', ')}); taking ${release.name}.`,
    );
    return release;
  }
  const release = findRelease(name);
  if (guess !== undefined && !guess.candidates.some((candidate) => candidate === release.name))
    remark(
      io,
      `warning: ${file} looks like ${guess.candidates.join(' or ')} (${because.join(', ')}), not ${release.name}.`,
    );
  return release;
}
