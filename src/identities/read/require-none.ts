import { KeystoneLdapError, type Problem } from '../../errors.ts';

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
