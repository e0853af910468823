import { confSign } from '../keystone-conf/conf-sign.ts';
import { detectLegacyRelease, type LegacyReleaseGuess } from '../keystone-conf/detect-legacy-release.ts';
import { requireMeaning, type ConfDocument } from '../keystone-conf/document.ts';
import { chooseRelease } from '../releases/choose-release.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import { saidOrAsked } from './chosen-release.ts';
import { installedKeystone } from './installed-keystone.ts';
import type { Io } from './io.ts';
import { requireRelease } from './of-flag.ts';
import { remark } from './output.ts';

/**
 * The release that was named, else the one that keystone.conf, or an installed Keystone, tells. A contradiction is remarked
 * on. A file that Keystone cannot read tells nothing.
 * @throws `USAGE` where nothing tells it and nobody can be asked
 */
export async function resolveConfRelease(
  name: string | undefined,
  doc: ConfDocument,
  io: Io,
): Promise<Release> {
  const file = doc.file ?? 'keystone.conf';
  const named = name === undefined ? undefined : requireRelease(name);
  if (named?.conf.kind === 'oslo') return named;
  const guess = doc.problems.length > 0 ? undefined : detectLegacyRelease(doc);
  if (named === undefined) {
    const sign = confSign(doc);
    if (sign.kind === 'legacy') return guessed(guess, file, io);
    requireMeaning(doc);
    const choice = chooseRelease({ conf: { ...sign, file }, installed: await installedKeystone(io) });
    return requireRelease(await saidOrAsked(choice, io));
  }
  if (guess !== undefined && !guess.candidates.some((candidate) => candidate === named.name))
    remark(
      io,
      `warning: ${file} looks like ${guess.candidates.join(' or ')} (${because(guess)}), not ${named.name}.`,
    );
  return named;
}

/** Of a file of 2011, which the releases of that year read alike but for the last. */
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
