import type { Variables } from './expand-variables.ts';
import { identityProblems } from '../check/identity-problems.ts';
import type { Identities } from '../identities.ts';
import { mergeIdentities } from './merge-identities.ts';
import { readIdentities, type IdentitiesReading, type PasswordReference } from './read-identities.ts';
import { requireNone } from './require-none.ts';

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
