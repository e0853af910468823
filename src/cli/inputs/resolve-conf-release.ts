import { confSign } from '../../keystone-conf/conf-sign.ts';
import {
  detectLegacyRelease,
  type LegacyReleaseGuess,
} from '../../keystone-conf/legacy/detect-legacy-release.ts';
import { requireMeaning, type ConfDocument } from '../../keystone-conf/document/document.ts';
import { chooseRelease } from '../../releases/choose-release.ts';
import { DEFAULT_RELEASE, findRelease } from '../../releases/find-release.ts';
import type { Release } from '../../releases/release.ts';
import { saidOrAsked } from './chosen-release.ts';
import { installedKeystone } from './installed-keystone.ts';
import type { Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import { releasesByUsers } from './releases-by-users.ts';
import { remark } from '../terminal/output.ts';

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
    if (sign.kind === 'legacy') return await guessed(doc, sign.candidates, guess, io);
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

/** Of a file of 2011, which most releases of that year read alike: the users in the directory tell more. */
async function guessed(
  doc: ConfDocument,
  candidates: readonly string[],
  guess: LegacyReleaseGuess | undefined,
  io: Io,
): Promise<Release> {
  const file = doc.file ?? 'keystone.conf';
  const first = findRelease(guess?.candidates[0] ?? DEFAULT_RELEASE);
  const inTree = candidates.length > 1 ? await releasesByUsers(doc, first, io) : undefined;
  const fitting = inTree && candidates.filter((name) => inTree.includes(name));
  const release = findRelease(fitting?.[0] ?? first.name);
  remark(io, `${told(guess, file)}${seenText(fitting)}; taking ${release.name}${moreText(guess, fitting)}.`);
  return release;
}

function told(guess: LegacyReleaseGuess | undefined, file: string): string {
  if (guess === undefined) return `${file} does not tell the release`;
  return `${file} is of ${guess.candidates.join(' or ')} (${because(guess)})`;
}

function seenText(fitting: readonly string[] = []): string {
  return fitting.length === 0 ? '' : `, and its users are those of ${fitting.join(' or ')}`;
}

function moreText(guess: LegacyReleaseGuess | undefined, fitting: readonly string[] = []): string {
  return guess === undefined || fitting.length > 1 ? ' (override with --release)' : '';
}

function because({ evidence }: LegacyReleaseGuess): string {
  const words = evidence.map(({ option, value }) =>
    value === undefined ? `no ${option}` : value.includes('\n') ? option : `${option} = ${value}`,
  );
  return words.join(', ');
}
