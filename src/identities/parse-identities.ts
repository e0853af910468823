import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { Variables } from './expand-variables.ts';
import { identityProblems } from './identity-problems.ts';
import type { Identities } from './identities.ts';
import { mergeIdentities } from './merge-identities.ts';
import { readIdentities, type IdentitiesReading, type PasswordReference } from './read-identities.ts';

/** Identities whose passwords may still stand elsewhere. */
export interface ParsedIdentities {
  readonly identities: Identities;
  readonly passwordReferences: readonly PasswordReference[];
}

/** The text of a file in the format of docs/identities.md. */
export interface IdentitiesText {
  readonly file: string;
  readonly text: string;
}

/**
 * Files that belong together, as one: each may name what another declares. With variables they are sample data.
 * @throws `INPUT_INVALID` with all problems of all files
 */
export function parseIdentities(
  files: readonly IdentitiesText[],
  variables?: Variables,
  options: { readonly usersElsewhere?: boolean } = {},
): ParsedIdentities {
  const readings = files.map(({ file, text }) => readIdentities(text, file, variables));
  const { problems, ...parsed } = joinReadings(readings, options);
  requireNone(
    problems,
    files.map(({ file }) => file),
  );
  return parsed;
}

/** What several readings say together, with the problems of each and those that only all of them show. */
export function joinReadings(
  readings: readonly IdentitiesReading[],
  options: { readonly usersElsewhere?: boolean } = {},
): ParsedIdentities & Pick<IdentitiesReading, 'problems'> {
  const identities = mergeIdentities(readings.map((reading) => reading.identities));
  const problems = [
    ...readings.flatMap((reading) => reading.problems),
    // Where a file is no YAML, the names that it might declare would all look undeclared.
    ...(readings.every(({ wellFormed }) => wellFormed) ? identityProblems(identities, options) : []),
  ];
  const passwordReferences = readings.flatMap((reading) => reading.passwordReferences);
  return { identities, passwordReferences, problems };
}

/** @throws `INPUT_INVALID` with the problems in the order of the files and lines, unless there are none */
export function requireNone(
  problems: readonly Problem[],
  files: readonly string[],
  what: { readonly subject: string; readonly hint: string } = {
    subject: `The identities in ${files.join(', ')} have`,
    hint: 'The format is described in docs/identities.md.',
  },
): void {
  if (problems.length === 0) return;
  const rank = ({ file = '' }: Problem): number => files.indexOf(file);
  const sorted = problems.toSorted(
    (a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new KeystoneLdapError('INPUT_INVALID', `${what.subject} ${count}.`, {
    problems: sorted,
    hint: what.hint,
  });
}
